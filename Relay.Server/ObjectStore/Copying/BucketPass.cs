using Relay.Server.ObjectStore.Client;
using Relay.Server.Repository;
using Relay.Server.Storage;

namespace Relay.Server.ObjectStore.Copying;

/// <summary>One comparison of the files that never change with their objects.</summary>
internal sealed class BucketPass
{
    private readonly PublishedFolder _folder;
    private readonly S3Bucket _bucket;
    private readonly bool _isOpen;
    private readonly CopyPlan _plan;
    private readonly Dictionary<string, CopyConflict> _conflicts = new(StringComparer.Ordinal);
    private int _written;

    public BucketPass(
        PublishedFolder folder, S3Bucket bucket, bool isOpen, CopyPlan plan, IReadOnlyCollection<BucketObject> stored,
        IReadOnlyDictionary<string, VerifiedObject> known)
    {
        (_folder, _bucket, _isOpen, _plan) = (folder, bucket, isOpen, plan);
        Dictionary<string, BucketObject> byKey = stored.ToDictionary(one => one.Key, StringComparer.Ordinal);
        Compared = plan.Verified.ToDictionary(path => path, path => known[path], StringComparer.Ordinal);
        foreach (string path in plan.Different)
        {
            AddConflict(path, $"the bucket has {byKey[path].Length} bytes under this name, and other ones");
        }
    }

    /// <summary>What has been compared by now.</summary>
    public Dictionary<string, VerifiedObject> Compared { get; }

    public CopyReport Report(long timestamp, int deleted, CopyRefusal? refused) => new(
        timestamp, _written, deleted, [.. _conflicts.Values], refused, new HashSet<string>(Compared.Keys, StringComparer.Ordinal));

    /// <summary>True where the bucket has a first root, and it is not that of this repository.</summary>
    public async Task<bool> FindForeignRootAsync(CancellationToken cancellationToken)
    {
        if (_plan.Unread.Contains(CopyPlan.FirstRoot))
        {
            await CompareAsync(CopyPlan.FirstRoot, cancellationToken);
        }

        // It claims the bucket: another relay that begins at the same time finds it.
        if (_plan.Missing.Contains(CopyPlan.FirstRoot))
        {
            await WriteAsync(CopyPlan.FirstRoot, cancellationToken);
        }

        return _conflicts.ContainsKey(CopyPlan.FirstRoot);
    }

    /// <summary>Reads the objects whose bytes are not known.</summary>
    public async Task CompareAsync(CancellationToken cancellationToken)
    {
        foreach (string path in _plan.Unread.Where(path => path != CopyPlan.FirstRoot))
        {
            await CompareAsync(path, cancellationToken);
        }
    }

    /// <summary>Writes what is missing.</summary>
    public async Task WriteAsync(Action<int> missing, CancellationToken cancellationToken)
    {
        string[] paths = [.. _plan.Missing.Where(path => path != CopyPlan.FirstRoot)];
        for (int i = 0; i < paths.Length; i++)
        {
            missing(paths.Length - i);
            await WriteAsync(paths[i], cancellationToken);
        }

        missing(0);
    }

    public bool HasChanged(IEnumerable<string> paths) => paths.Any(_conflicts.ContainsKey);

    private async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        if (FindLocal(path) is not { } file)
        {
            return;
        }

        ObjectHeaders headers = new(FileHeaders.ContentType(path), FileHeaders.ImmutableCacheControl(_isOpen));
        await using Stream content = file.Content is { } bytes ? new MemoryStream(bytes, writable: false) : _folder.Open(path);
        if (await _bucket.CreateAsync(path, content, headers, cancellationToken) is PutOutcome.Written)
        {
            _written++;
        }

        await CompareAsync(path, file, cancellationToken);
    }

    private async Task CompareAsync(string path, CancellationToken cancellationToken)
    {
        if (FindLocal(path) is { } file)
        {
            await CompareAsync(path, file, cancellationToken);
        }
    }

    private async Task CompareAsync(string path, IntactFile file, CancellationToken cancellationToken)
    {
        ObjectDigest? stored = await _bucket.DigestAsync(path, file.Length, cancellationToken);
        if (stored is null)
        {
            throw new ObjectStoreException($"The store does not have '{path}', which it listed or took just now.");
        }

        if (stored.Length == file.Length && stored.Sha256 == file.Tag)
        {
            Compared[path] = new(stored.Length, stored.EntityTag);
        }
        else
        {
            AddConflict(path, "the bucket has other bytes under this name");
        }
    }

    // Damaged files are not copied: the relay does not serve them either.
    private IntactFile? FindLocal(string path)
    {
        try
        {
            return _folder.Find(path);
        }
        catch (InvalidDataException damaged)
        {
            AddConflict(path, damaged.Message);
            return null;
        }
    }

    private void AddConflict(string path, string problem) => _conflicts[path] = new(path, problem);
}
