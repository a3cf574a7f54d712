using System.Data.Common;
using Relay.Server.Storage.Postgres;

namespace Relay.Server.Storage;

/// <summary>Copies of the samples of datasets as SQLite files, which is what backups have, wherever they are.</summary>
internal static class SampleCopy
{
    /// <summary>The bytes of all samples of a folder and its database.</summary>
    /// <exception cref="DbException">The server cannot be asked.</exception>
    public static long FindBytes(DataFolder folder)
    {
        long bytes = SampleFiles.FindNames(folder)
            .Sum(name => new FileInfo(Path.Combine(folder.Samples, name)) is { Exists: true } found ? found.Length : 0);
        if (folder.Server is { } server)
        {
            using DbConnection connection = PostgresDatabase.Connect(server);
            bytes += FindSchemas(connection).Sum(name => PostgresSampleTables.FindBytes(connection, PostgresSampleTables.SchemaOf(name)));
        }

        return bytes;
    }

    /// <summary>Copies the samples of all datasets into a folder, each as one state.</summary>
    /// <exception cref="DbException">They cannot be read, or a copy cannot be written.</exception>
    public static void WriteAll(DataFolder folder, string target, CancellationToken cancellationToken)
    {
        foreach (string name in FindSchemas(folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            PostgresSampleCopy.Write(folder.Server!, name, Path.Combine(target, name));
        }

        // Where a server has the samples, a file is one that could not be moved there.
        foreach (string name in SampleFiles.FindNames(folder).Where(name => !File.Exists(Path.Combine(target, name))))
        {
            cancellationToken.ThrowIfCancellationRequested();
            WriteFile(Path.Combine(folder.Samples, name), Path.Combine(target, name));
        }
    }

    private static void WriteFile(string path, string copy)
    {
        try
        {
            DatabaseCopy.Write(path, copy);
        }
        catch (DbException) when (!File.Exists(path))
        {
            // The dataset was deleted meanwhile.
            File.Delete(copy);
        }
    }

    private static IReadOnlyList<string> FindSchemas(DataFolder folder)
    {
        if (folder.Server is not { } server)
        {
            return [];
        }

        using DbConnection connection = PostgresDatabase.Connect(server);
        return FindSchemas(connection);
    }

    private static IReadOnlyList<string> FindSchemas(DbConnection connection) => PostgresSampleTables.FindNames(connection);
}
