using System.Security.Cryptography;
using System.Text;
using Relay.Server.Trust.Signing;

namespace Relay.Server.Trust;

/// <summary>The keys of the relay, and whether this call made them.</summary>
public sealed record OpenedKeys(SigningKeys Keys, bool Created);

/// <summary>
/// A folder of PEM files, mode 0700 with files of 0600. It is made in a folder beside it that takes its final name when all is
/// flushed: a folder of that name is whole, and what a crash left half-made is thrown away at the next start.
/// </summary>
public static class KeyStore
{
    /// <summary>What to tell an operator whose relay still holds its root keys.</summary>
    public const string OfflineAdvice =
        "This relay made its own keys and holds the root keys as well: good for trying it out. In production keep "
        + "root-1.pem, root-2.pem, root-3.pem and cms-root-key.pem offline; the relay runs without them.";

    private static readonly string[] RootFiles = ["root-1.pem", "root-2.pem", "root-3.pem"];
    private static readonly string[] OnlineFiles = ["targets.pem", "channels.pem", "snapshot.pem", "timestamp.pem"];

    /// <summary>Opens the folder, making all keys when there is none.</summary>
    /// <exception cref="InvalidDataException">A key that the relay cannot do without is missing or damaged. None is made in its
    /// place: nodes would not know it.</exception>
    public static Task<OpenedKeys> OpenAsync(string folder, TimeProvider clock, CancellationToken cancellationToken) =>
        OpenAsync(folder, clock, new DurableFiles(), cancellationToken);

    internal static async Task<OpenedKeys> OpenAsync(
        string folder, TimeProvider clock, DurableFiles files, CancellationToken cancellationToken)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        files.CreateFolder(Path.GetDirectoryName(folder)!);
        using FileLock held = await FileLock.AcquireAsync(folder + ".lock", cancellationToken);
        bool created = !Directory.Exists(folder);
        if (created)
        {
            string halfMade = folder + ".new";
            files.DeleteFolder(halfMade);
            files.CreateFolder(halfMade, DurableFiles.OwnerFolder);
            Create(halfMade, clock.GetUtcNow(), files);
            files.RenameFolder(halfMade, folder);
        }

        return new(Load(folder, clock.GetUtcNow(), files), created);
    }

    private static void Create(string folder, DateTimeOffset now, DurableFiles files)
    {
        void Write(string name, string pem) =>
            files.Write(Path.Combine(folder, name), Encoding.ASCII.GetBytes(pem + "\n"), DurableFiles.OwnerFile);

        foreach (string name in (string[])[.. RootFiles, .. OnlineFiles])
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            Write(name, key.ExportPkcs8PrivateKeyPem());
        }

        CmsKeyFolder.Create(folder, now, files);
    }

    private static SigningKeys Load(string folder, DateTimeOffset now, DurableFiles files)
    {
        try
        {
            CmsKeyFolder.RenewDueSigner(folder, now, files);
            RoleSigner[] root = [.. RootFiles.Where(name => File.Exists(Path.Combine(folder, name))).Select(name => Role(folder, name))];
            RoleSigner[] online = [.. OnlineFiles.Select(name => Role(folder, name))];
            return new(root, online[0], online[1], online[2], online[3],
                CmsKeyFolder.ReadRoot(folder), CmsKeyFolder.ReadSigner(folder));
        }
        catch (Exception damaged) when (damaged is FileNotFoundException or CryptographicException or ArgumentException)
        {
            throw new InvalidDataException($"The key folder '{folder}' is damaged: {damaged.Message}", damaged);
        }
    }

    private static RoleSigner Role(string folder, string name)
    {
        ECDsa key = ECDsa.Create();
        key.ImportFromPem(Text(folder, name));
        return new(key);
    }

    private static string Text(string folder, string name) => File.ReadAllText(Path.Combine(folder, name), Encoding.ASCII);
}
