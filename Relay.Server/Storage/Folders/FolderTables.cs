using System.Data.Common;
using System.Security.Cryptography;
using Dapper;

namespace Relay.Server.Storage.Folders;

/// <summary>The files of a data folder in a PostgreSQL database, in a schema of their own. Content that is not secret is there once, whatever number
/// of names it has.</summary>
internal static class FolderTables
{
    private const string Text = """
        CREATE SCHEMA relay_folder;

        CREATE TABLE relay_folder.state (
            id BIGINT PRIMARY KEY CHECK (id = 1),
            form BIGINT NOT NULL,
            folder TEXT NOT NULL,
            change BIGINT NOT NULL,
            is_left BOOLEAN NOT NULL,
            proof BYTEA NOT NULL);

        CREATE TABLE relay_folder.contents (
            sha256 TEXT COLLATE "C" PRIMARY KEY,
            content BYTEA NOT NULL);

        CREATE TABLE relay_folder.files (
            path TEXT COLLATE "C" PRIMARY KEY,
            sha256 TEXT COLLATE "C" NOT NULL,
            length BIGINT NOT NULL,
            mode BIGINT NOT NULL,
            placed_at BIGINT NOT NULL,
            change BIGINT NOT NULL,
            secret BYTEA);
        CREATE INDEX files_by_content ON relay_folder.files (sha256);

        CREATE TABLE relay_folder.leftovers (
            folder TEXT PRIMARY KEY);
        """;

    private const string SelectState = "SELECT form, folder, change, is_left AS IsLeft, proof FROM relay_folder.state";
    private const string Select = "SELECT path, sha256, length, mode, placed_at AS PlacedAt, change FROM relay_folder.files";

    /// <summary>The form of the tables, for a later relay that changes it.</summary>
    private const long Form = 1;

    /// <summary>What the seal of <see cref="FolderState.Proof"/> says: it shows that a key is the right one.</summary>
    private const string ProofName = "state";

    /// <summary>True where a database has the files of a data folder.</summary>
    public static bool Exist(DbConnection connection) => connection.ExecuteScalar<bool>("SELECT to_regclass('relay_folder.state') IS NOT NULL");

    /// <summary>Creates the tables, for the files of a folder.</summary>
    public static void Create(DbConnection connection, DbTransaction transaction, string folder, FolderSeal seal)
    {
        connection.Execute(Text, transaction: transaction);
        connection.Execute(
            """
            INSERT INTO relay_folder.state (id, form, folder, change, is_left, proof) VALUES (1, @Form, @folder, 1, FALSE, @proof)
            """,
            new { Form, folder, proof = seal.Seal(ProofName, []) }, transaction);
    }

    public static FolderState Read(DbConnection connection, DbTransaction transaction) =>
        Check(connection.QuerySingle<FolderState>(SelectState, transaction: transaction));

    /// <summary>The same, and no one else changes the files until the transaction ends.</summary>
    public static FolderState ReadToChange(DbConnection connection, DbTransaction transaction) =>
        Check(connection.QuerySingle<FolderState>($"{SelectState} FOR UPDATE", transaction: transaction));

    /// <exception cref="RelayStartException">The key is another one.</exception>
    public static void RequireKey(FolderState state, FolderSeal seal) => seal.Open(ProofName, state.Proof);

    /// <summary>Counts one change.</summary>
    public static void Count(DbConnection connection, DbTransaction transaction) =>
        connection.Execute("UPDATE relay_folder.state SET change = change + 1", transaction: transaction);

    /// <param name="prefix">With what their paths begin; empty: all.</param>
    public static IReadOnlyList<FolderFile> List(DbConnection connection, DbTransaction transaction, string prefix) =>
    [
        .. connection.Query<FolderFile>(
            $"{Select} WHERE starts_with(path, @prefix) ORDER BY path", new { prefix }, transaction).Select(Check),
    ];

    public static FolderFile? Find(DbConnection connection, DbTransaction transaction, string path) =>
        connection.QuerySingleOrDefault<FolderFile>($"{Select} WHERE path = @path", new { path }, transaction) is { } file
            ? Check(file)
            : null;

    /// <exception cref="InvalidDataException">The content is not the one of its digest.</exception>
    /// <exception cref="RelayStartException">It was sealed by another key.</exception>
    public static byte[] ReadContent(DbConnection connection, DbTransaction transaction, FolderFile file, FolderSeal seal)
    {
        (byte[]? content, byte[]? secret) = connection.QuerySingle<(byte[]?, byte[]?)>(
            """
            SELECT content, secret FROM relay_folder.files LEFT JOIN relay_folder.contents
            ON contents.sha256 = files.sha256 AND secret IS NULL WHERE path = @Path
            """,
            new { file.Path }, transaction);
        byte[] read = secret is not null ? seal.Open(file.Path, secret) : content ?? [];

        // Who can write to the database must not give the relay a key.
        return (secret is not null) == FolderSeal.IsSecret(file.Path) && Convert.ToHexStringLower(SHA256.HashData(read)) == file.Sha256
            ? read
            : throw new InvalidDataException($"'{file.Path}' of the data folder in the database is damaged: restore the database from a backup.");
    }

    public static void Put(DbConnection connection, DbTransaction transaction, FolderFile file, byte[] content, FolderSeal seal)
    {
        byte[]? secret = FolderSeal.IsSecret(file.Path) ? seal.Seal(file.Path, content) : null;
        if (secret is null)
        {
            connection.Execute(
                "INSERT INTO relay_folder.contents (sha256, content) VALUES (@Sha256, @content) ON CONFLICT DO NOTHING",
                new { file.Sha256, content }, transaction);
        }

        string[] before = [.. connection.Query<string>(
            "SELECT sha256 FROM relay_folder.files WHERE path = @Path AND sha256 <> @Sha256", file, transaction)];
        connection.Execute(
            """
            INSERT INTO relay_folder.files (path, sha256, length, mode, placed_at, change, secret)
            VALUES (@Path, @Sha256, @Length, @Mode, @PlacedAt, @Change, @secret)
            ON CONFLICT (path) DO UPDATE SET sha256 = excluded.sha256, length = excluded.length, mode = excluded.mode,
            placed_at = excluded.placed_at, change = excluded.change, secret = excluded.secret
            """,
            new { file.Path, file.Sha256, file.Length, file.Mode, file.PlacedAt, file.Change, secret }, transaction);
        DropUnused(connection, transaction, before);
    }

    /// <summary>Notes that a file was placed again.</summary>
    /// <returns>False where it is not there.</returns>
    public static bool Touch(DbConnection connection, DbTransaction transaction, string path, long now, long change) => connection.Execute(
        "UPDATE relay_folder.files SET placed_at = @now, change = @change WHERE path = @path", new { path, now, change }, transaction) > 0;

    /// <summary>Deletes a file, or all files of a folder.</summary>
    public static void Delete(DbConnection connection, DbTransaction transaction, string path) => DropUnused(
        connection, transaction,
        [.. connection.Query<string>(
            "DELETE FROM relay_folder.files WHERE path = @path OR starts_with(path, @below) RETURNING sha256",
            new { path, below = path + "/" }, transaction)]);

    private static FolderState Check(FolderState state) => state.Form == Form
        ? state
        : throw new RelayStartException(
            $"The files of the data folder in the database are of form {state.Form}, this relay knows {Form}: start the newer relay.");

    private static FolderFile Check(FolderFile file) => FolderParts.Contains(file.Path)
        ? file
        : throw new InvalidDataException($"The database names '{file.Path}' as a file of the data folder, which is none: someone else wrote there.");

    // What two transactions that run at once would see differently: each has the lock of the state.
    private static void DropUnused(DbConnection connection, DbTransaction transaction, string[] digests)
    {
        if (digests.Length > 0)
        {
            connection.Execute(
                """
                DELETE FROM relay_folder.contents WHERE sha256 IN @digests
                AND NOT EXISTS (SELECT 1 FROM relay_folder.files WHERE files.sha256 = contents.sha256 AND secret IS NULL)
                """,
                new { digests }, transaction);
        }
    }
}

/// <summary>How far the files are.</summary>
/// <param name="Form">That of the tables.</param>
/// <param name="Folder">The folder whose copy is the one that is changed.</param>
/// <param name="Change">The number of the last change.</param>
/// <param name="IsLeft">Whether its relay ended as asked, and left no copies of samples.</param>
/// <param name="Proof">Opens by the right key.</param>
internal sealed record FolderState(long Form, string Folder, long Change, bool IsLeft, byte[] Proof);

/// <summary>One file.</summary>
/// <param name="Path">Below the data folder, with slashes.</param>
/// <param name="Mode">Its permissions on Unix.</param>
/// <param name="PlacedAt">When it got its content, in milliseconds since 1970.</param>
/// <param name="Change">The number of the change that placed it.</param>
internal sealed record FolderFile(string Path, string Sha256, long Length, long Mode, long PlacedAt, long Change);
