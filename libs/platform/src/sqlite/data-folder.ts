/** What lies in a data folder, beside its lock. */
export const DATA_FOLDER = { database: 'parley.sqlite', attachments: 'attachments' } as const;
