/** How the value of a column is stored in MongoDB. */
type Kind = 'value' | 'json';

/** A table of SQLite with snake_case columns, and the MongoDB collection with the same fields in camelCase. */
export interface StoredCollection {
  /** The name of both. */
  readonly name: string;
  /** The columns of the primary key. */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, Kind>>;
  /** Converts the fields where the document has another shape than the row. */
  readonly reshape?: (fields: Fields) => Fields;
}

export type Fields = Readonly<Record<string, unknown>>;
export type Row = Readonly<Record<string, unknown>>;

/**
 * All stored data except image files and the search index, which is rebuilt, in the order of copying. Add each new table
 * and column here: a test compares the list with the schema of the migrations.
 */
export const STORED_COLLECTIONS: readonly StoredCollection[] = [
  {
    name: 'users',
    key: ['user_id'],
    columns: values('user_id email display_name display_name_key password_hash rooms_version created_at last_seen_at'),
  },
  { name: 'sessions', key: ['session_id'], columns: values('session_id user_id renewed_at expires_at') },
  {
    name: 'rooms',
    key: ['room_id'],
    columns: {
      ...values('room_id name creator_id initial_member_count member_count change_count created_at'),
      first_member_ids: 'json',
    },
  },
  {
    name: 'memberships',
    key: ['room_id', 'user_id'],
    columns: values('room_id user_id join_order read_seq read_count role'),
  },
  {
    name: 'membership_announcements',
    key: ['room_id', 'change_number'],
    columns: { ...values('room_id change_number entry_id event user_id made_at'), data: 'json' },
  },
  { name: 'invitations', key: ['token_digest'], columns: values('token_digest room_id creator_id expires_at') },
  {
    name: 'entries',
    key: ['room_id', 'seq'],
    columns: { ...values('room_id seq entry_id event user_id at count member_delta message_seq'), data: 'json' },
  },
  { name: 'mentions', key: ['user_id', 'room_id', 'seq'], columns: values('user_id room_id seq') },
  {
    name: 'reactions',
    key: ['room_id', 'message_id', 'emoji', 'user_id'],
    columns: values('room_id message_id emoji user_id seq'),
  },
  {
    name: 'attachments',
    key: ['attachment_id'],
    columns: values(
      `attachment_id user_id content_type size width height stored_bytes thumbnail_bytes state room_id message_id
       touched_at`,
    ),
    reshape: ({ roomId, messageId, ...record }) => ({
      ...record,
      claim: roomId === null ? null : { roomId, messageId },
    }),
  },
];

/** The MongoDB document of a row. Throws SyntaxError when its JSON is damaged. */
export function toDocument({ columns, reshape }: StoredCollection, row: Row): Fields {
  const fields = Object.entries(columns).map(([column, kind]) => {
    const value = row[column] ?? null;
    return [fieldOf(column), kind === 'json' && typeof value === 'string' ? JSON.parse(value) : value] as const;
  });
  const document = Object.fromEntries(fields) as Fields;
  return reshape ? reshape(document) : document;
}

/** `room_id` → `roomId` */
export const fieldOf = (column: string): string =>
  column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function values(columns: string): Record<string, Kind> {
  return Object.fromEntries(columns.split(/\s+/).map((column) => [column, 'value' as const]));
}

export function storedCollection(name: string): StoredCollection {
  const collection = STORED_COLLECTIONS.find((one) => one.name === name);
  if (collection === undefined) throw new Error(`There is no collection ${name}.`);
  return collection;
}
