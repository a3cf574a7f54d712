using System.Security.Cryptography;
using Relay.Server.Storage;
using Relay.Server.Storage.Folders;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Storage.Folders;

/// <summary>Data folders on one database, which has the files of the first.</summary>
internal sealed class FolderScene : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly Stack<IDisposable> _opened = [];

    public FolderScene()
    {
        Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.NotInstalled);
        Server = PostgresServer.Shared.CreateDatabase();
        WriteKey("folder.key");
        First = Create("first");
        Write(First, "keys/timestamp.pem", "a key");
        Write(First, "repository/metadata/timestamp.json", "first");
        Write(First, "artifacts/" + new string('a', 64), "a model");
        Stored = Keep(StoredFolders.Store(First));
    }

    public string Server { get; }

    public DataFolder First { get; }

    /// <summary>That of the first folder.</summary>
    public StoredFolder Stored { get; }

    public DataFolder Create(string name, string key = "folder.key") =>
        new(_temporary.Combine(name), Server) { FolderKeyFile = _temporary.Combine(key) };

    public void WriteKey(string name) =>
        File.WriteAllText(_temporary.Combine(name), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)) + "\n");

    public StoredFolder Keep(StoredFolder? stored)
    {
        Assert.NotNull(stored);
        _opened.Push(stored);
        return stored;
    }

    /// <summary>Makes another folder the one that is changed.</summary>
    public StoredFolder TakeOver(DataFolder folder) => Keep(StoredFolders.TakeOver(folder));

    public static void Write(DataFolder folder, string name, string text, DurableFiles? files = null)
    {
        string path = Path.Combine(folder.Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        (files ?? new()).Replace(path, System.Text.Encoding.UTF8.GetBytes(text));
    }

    public static string? Read(DataFolder folder, string name) =>
        Path.Combine(folder.Root, name) is var path && File.Exists(path) ? File.ReadAllText(path) : null;

    /// <summary>The files of a folder that the database has, with content and permissions.</summary>
    public static IReadOnlyList<string> Describe(DataFolder folder) =>
    [
        .. FolderParts.Find(folder.Root).Order(StringComparer.Ordinal).Select(name =>
            $"{name} {(OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(Path.Combine(folder.Root, name)))} {Read(folder, name)}"),
    ];

    public void Dispose()
    {
        while (_opened.TryPop(out IDisposable? opened))
        {
            opened.Dispose();
        }

        _temporary.Dispose();
    }
}
