using Shared.Platform.Files;

namespace Relay.Server.Storage;

/// <summary>What a process that trains for a relay has in its data folder: the rows of its run. They are copies of samples, which must not outlive
/// their deletion from a dataset, so that a folder whose process is gone is deleted.</summary>
internal sealed class WorkerFolder : IDisposable
{
    private const string Parent = "workers";
    private const string LockEnding = ".lock";

    private readonly FileLock _held;

    private WorkerFolder(string path, FileLock held) => (FullPath, _held) = (path, held);

    public string FullPath { get; }

    /// <summary>The name by which <see cref="WorkerCopies"/> knows the process.</summary>
    public string Name => Path.GetFileName(FullPath);

    /// <exception cref="IOException">It cannot be created.</exception>
    public static WorkerFolder Create(string root)
    {
        DurableFiles files = new();
        string parent = Path.Combine(root, Parent);
        string path = Path.Combine(parent, Path.GetRandomFileName());
        files.CreateFolder(parent);

        // The lock is there first: a folder without one is of a process that is gone.
        FileLock held = FileLock.TryAcquire(path + LockEnding)!;
        files.CreateFolder(path);
        return new(path, held);
    }

    /// <summary>Deletes the folders of processes that are gone.</summary>
    /// <param name="end">Called with the name of each when its files are deleted, and not yet the folder: where it fails, the next call does it
    /// again.</param>
    public static void Clear(string root, Action<string> end)
    {
        foreach (string folder in Find(root))
        {
            using FileLock? held = FileLock.TryAcquire(folder + LockEnding);
            if (held is not null)
            {
                DurableFiles files = new();
                foreach (string copy in Directory.GetDirectories(folder))
                {
                    files.DeleteFolder(copy);
                }

                end(Path.GetFileName(folder));
                files.DeleteFolder(folder);
                File.Delete(folder + LockEnding);
            }
        }
    }

    public void Dispose()
    {
        new DurableFiles().DeleteFolder(FullPath);
        File.Delete(FullPath + LockEnding);
        _held.Dispose();
    }

    private static string[] Find(string root) =>
        Directory.Exists(Path.Combine(root, Parent)) ? Directory.GetDirectories(Path.Combine(root, Parent)) : [];
}
