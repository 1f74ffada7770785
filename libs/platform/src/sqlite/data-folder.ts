/** The files in a data folder, besides its lock. */
export const DATA_FOLDER = { database: 'parley.sqlite', attachments: 'attachments' } as const;
