namespace Relay.Server.Storage;

/// <summary>Where the relay keeps everything. Only the owner may enter it, since it holds keys.</summary>
internal sealed class DataFolder
{
    public DataFolder(string root)
    {
        Root = Path.GetFullPath(root);
        foreach (string folder in new[] { Root, Artifacts, Repository, Tls, Trust, Checkpoints })
        {
            CreatePrivate(folder);
        }
    }

    public string Root { get; }

    public string Database => Path.Combine(Root, "relay.db");

    public string Lock => Path.Combine(Root, "lock");

    /// <summary>Content-addressed files: <c>artifacts/&lt;sha256&gt;</c>.</summary>
    public string Artifacts => Path.Combine(Root, "artifacts");

    /// <summary>What unfinished training runs have learned: <c>checkpoints/&lt;run&gt;</c>.</summary>
    public string Checkpoints => Path.Combine(Root, "checkpoints");

    /// <summary>The TUF repository, served as it lies there.</summary>
    public string Repository => Path.Combine(Root, "repository");

    /// <summary>Made whole, or not at all, by the key store.</summary>
    public string Keys => Path.Combine(Root, "keys");

    /// <summary>Where the key lies that signs models, if not in <see cref="Keys"/>.</summary>
    public string SignerSettings => Path.Combine(Root, "signer.json");

    public string Tls => Path.Combine(Root, "tls");

    /// <summary>What nodes pin: <c>root.json</c>.</summary>
    public string Trust => Path.Combine(Root, "trust");

    public string TrustedRoot => Path.Combine(Trust, "root.json");

    private static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
