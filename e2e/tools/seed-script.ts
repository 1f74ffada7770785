/** The conversation that `npm run seed` creates: a small observatory. Each line is the author, then the text. */
export const PEOPLE = [
  { key: 'vera', displayName: 'Vera Lindqvist' },
  { key: 'tomas', displayName: 'Tomás Aguirre' },
  { key: 'mei', displayName: 'Mei-Ling Chen 陳美玲' },
  { key: 'omar', displayName: 'Omar Haddad' },
  { key: 'priya', displayName: 'Priya Raman' },
  { key: 'jonas', displayName: 'Jonas Keller' },
  { key: 'amina', displayName: 'Amina Diallo' },
  { key: 'sofia', displayName: 'Sofia Rossi' },
] as const;

export type PersonKey = (typeof PEOPLE)[number]['key'];

export interface SeedRoom {
  readonly name: string | null;
  readonly members: readonly PersonKey[];
  readonly lines: readonly (readonly [PersonKey, string])[];
}

const everyone: readonly PersonKey[] = PEOPLE.map((person) => person.key);

export const ROOMS: readonly SeedRoom[] = [
  {
    name: 'Observatory',
    members: everyone,
    lines: [
      ['vera', 'Morning all. The dome motor is fixed, so tonight is on.'],
      ['omar', 'Finally 🎉'],
      ['jonas', 'What was it in the end?'],
      ['vera', 'A mouse. An actual mouse, in the junction box.'],
      ['vera', 'It has been relocated to the meadow and is, I am told, in good spirits.'],
      ['sofia', '🐭'],
      ['priya', 'Forecast says clear from 21:40, seeing around 1.2″ until two or so.'],
      ['tomas', 'I would like the first hour for the variable in Cygnus if nobody minds. After that I am flexible.'],
      ['mei', '沒問題，我可以接第二個小時。 I take the second hour.'],
      [
        'amina',
        'And I will open the visitor gallery at eight. We have a school class of 24 – please nobody swear on the intercom this time.',
      ],
      ['jonas', 'That was ONE time.'],
      ['omar', 'It was four words and two of them were new to me.'],
      ['vera', 'The plan is on the board, and here: https://example.org/observatory/nights/plan'],
      ['sofia', 'Thank you Vera! I bring the hot chocolate.'],
    ],
  },
  {
    name: 'Data pipeline',
    members: ['tomas', 'priya', 'jonas', 'mei', 'vera'],
    lines: [
      [
        'priya',
        'The flat-field step is dropping about one frame in two hundred. I think it is the rotation of the header cache.',
      ],
      ['tomas', 'Does it log anything?'],
      ['priya', 'Only this:\nflatfield: frame 20311 skipped (header older than calibration)'],
      [
        'jonas',
        'That is my check. It compares the times as strings, and after midnight they sort the wrong way round. Sorry!',
      ],
      ['jonas', 'Mending it now.'],
      ['mei', 'Can we get the skipped ones back?'],
      ['jonas', 'Yes, the raw frames are all there. I will run them through again tonight, about 300 files.'],
      ['priya', 'Perfect. I will hold the catalogue until then.'],
      ['tomas', 'And a test for midnight, please 🙂'],
      ['jonas', 'Already written. It failed beautifully.'],
    ],
  },
  {
    name: null,
    members: ['vera', 'amina', 'sofia'],
    lines: [
      ['amina', 'Are we still on for Saturday?'],
      ['sofia', 'Yes! Ten o’clock at the lake?'],
      ['vera', 'Ten is fine. I bring bread and cheese.'],
      ['amina', 'Then I do the coffee. ☕️'],
    ],
  },
  {
    name: null,
    members: ['omar', 'vera'],
    lines: [
      ['omar', 'هل يمكنك مراجعة الميزانية قبل الغد؟'],
      ['vera', 'Of course. Send it over and I will read it on the train.'],
      ['omar', 'شكراً جزيلاً 🙏'],
    ],
  },
  {
    name: 'Visitors & school classes',
    members: ['amina', 'sofia', 'jonas', 'vera'],
    lines: [
      ['amina', 'The class tonight is ten years old on average and has prepared questions.'],
      [
        'amina',
        'A selection: What happens if you look at the sun with it? Has anybody fallen into the telescope? Who would win, a black hole or two black holes?',
      ],
      ['jonas', 'Two black holes. It is not even close.'],
      ['sofia', 'I will take that one 😄'],
    ],
  },
];
