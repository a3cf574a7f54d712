using Shared.Platform.Files;

namespace Relay.Server.Repository.Rotation;

/// <summary>
/// The next root while it waits for signatures, <c>rotation/root.json</c>, and beside it <c>targets.json</c> where the next root
/// needs other signatures on the targets. One rename makes the folder appear or disappear.
/// </summary>
internal sealed class RotationFolder(string repository, DurableFiles files)
{
    private const string RootFile = "root.json";
    private const string TargetsFile = "targets.json";
    private readonly string _folder = Path.Combine(repository, "rotation");

    public string RootPath => Path.Combine(_folder, RootFile);

    public string TargetsPath => Path.Combine(_folder, TargetsFile);

    public byte[]? Root => Read(RootPath);

    public byte[]? Targets => Read(TargetsPath);

    /// <summary>Replaces what waits already.</summary>
    public void Put(byte[] root, byte[]? targets)
    {
        string halfMade = _folder + ".new";
        files.DeleteFolder(halfMade);
        files.CreateFolder(halfMade);
        files.Write(Path.Combine(halfMade, RootFile), root);
        if (targets is not null)
        {
            files.Write(Path.Combine(halfMade, TargetsFile), targets);
        }

        Clear();
        files.RenameFolder(halfMade, _folder);
    }

    /// <summary>The same root with more signatures.</summary>
    public void ReplaceRoot(byte[] root) => Replace(RootPath, root);

    /// <summary>Other targets, or the same with more signatures, for the same root.</summary>
    public void ReplaceTargets(byte[] targets) => Replace(TargetsPath, targets);

    public void Clear()
    {
        string removed = _folder + ".old";
        files.DeleteFolder(removed);
        if (Directory.Exists(_folder))
        {
            files.RenameFolder(_folder, removed);
            files.DeleteFolder(removed);
        }
    }

    private void Replace(string path, byte[] content)
    {
        files.Write(path + ".new", content);
        files.Rename(path + ".new", path);
    }

    private static byte[]? Read(string path) => File.Exists(path) ? File.ReadAllBytes(path) : null;
}
