// Centrifuge, the engine of Centrifugo, with its Redis broker: what is published to a room goes through Redis to
// everybody in it. Stores nothing.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/centrifugal/centrifuge"
)

func main() {
	go collectOnSignal()
	node, err := centrifuge.New(centrifuge.Config{LogLevel: centrifuge.LogLevelError})
	if err != nil {
		log.Fatal(err)
	}
	shard, err := centrifuge.NewRedisShard(node, centrifuge.RedisShardConfig{Address: os.Getenv("PEER_REDIS_URL")})
	if err != nil {
		log.Fatal(err)
	}
	broker, err := centrifuge.NewRedisBroker(node, centrifuge.RedisBrokerConfig{Shards: []*centrifuge.RedisShard{shard}})
	if err != nil {
		log.Fatal(err)
	}
	node.SetBroker(broker)

	node.OnConnecting(func(ctx context.Context, _ centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
		room := ctx.Value(roomKey{}).(string)
		subscriptions := map[string]centrifuge.SubscribeOptions{room: {}}
		return centrifuge.ConnectReply{Subscriptions: subscriptions}, nil
	})
	node.OnConnect(func(client *centrifuge.Client) {
		client.OnPublish(func(event centrifuge.PublishEvent, done centrifuge.PublishCallback) {
			done(centrifuge.PublishReply{}, nil)
		})
	})
	if err := node.Run(); err != nil {
		log.Fatal(err)
	}

	http.Handle("/", identified(centrifuge.NewWebsocketHandler(node, centrifuge.WebsocketConfig{})))
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv("PEER_PORT"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("peer ready")
	log.Fatal(http.Serve(listener, nil))
}

// collectOnSignal frees unused memory on a signal, so that memory can be measured.
func collectOnSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR2)
	for range signals {
		debug.FreeOSMemory()
	}
}

type roomKey struct{}

// identified authenticates a connection as the user named in its address.
func identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		query := request.URL.Query()
		ctx := centrifuge.SetCredentials(request.Context(), &centrifuge.Credentials{UserID: query.Get("user")})
		ctx = context.WithValue(ctx, roomKey{}, query.Get("room"))
		next.ServeHTTP(writer, request.WithContext(ctx))
	})
}
