using System.Security.Cryptography.X509Certificates;

namespace Relay.TestKit.Trust;

/// <summary>Every artifact that a test run publishes is one that stock OpenSSL verifies.</summary>
public static class SignatureAudit
{
    private const string SignatureSuffix = ".p7s";
    private const string Anchors = ".anchors.pem";
    private const int Sha256HexLength = 64;

    /// <summary>Verifies all signatures in a repository's folder against its own anchors. Does nothing where OpenSSL is missing.</summary>
    /// <exception cref="InvalidOperationException">One does not verify.</exception>
    public static async Task RequireAsync(string repository, DateTimeOffset at)
    {
        string targets = Path.Combine(repository, "targets");
        if (!Directory.Exists(targets) || !await OpenSsl.IsInstalledAsync())
        {
            return;
        }

        // What earlier versions published lies there under its SHA-512 as well; SHA-256 is enough.
        string[] files = [.. Directory.EnumerateFiles(targets, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file).IndexOf('.', StringComparison.Ordinal) == Sha256HexLength)];
        using TemporaryFolder folder = new();
        string anchors = folder.Combine("anchors.pem");
        IEnumerable<string> roots = files.Where(file => file.EndsWith(Anchors, StringComparison.Ordinal));
        await File.WriteAllTextAsync(anchors, string.Concat(roots.Select(File.ReadAllText)));
        foreach (string signature in files.Where(file => file.EndsWith(SignatureSuffix, StringComparison.Ordinal)))
        {
            await RequireAsync(signature, files, anchors, at);
        }
    }

    /// <summary>Verifies one signature against one root. Does nothing where OpenSSL is missing.</summary>
    /// <exception cref="InvalidOperationException">It does not verify.</exception>
    public static async Task RequireAsync(byte[] content, byte[] signature, X509Certificate2 root, DateTimeOffset at)
    {
        if (!await OpenSsl.IsInstalledAsync())
        {
            return;
        }

        using TemporaryFolder folder = new();
        (string file, string detached, string anchors) = (folder.Combine("X"), folder.Combine("X.p7s"), folder.Combine("root.pem"));
        await File.WriteAllBytesAsync(file, content);
        await File.WriteAllBytesAsync(detached, signature);
        await File.WriteAllTextAsync(anchors, root.ExportCertificatePem() + "\n");
        if (await OpenSsl.VerifyCmsAsync(detached, file, anchors, at) is { } problem)
        {
            throw new InvalidOperationException($"OpenSSL does not verify a signature: {problem}");
        }
    }

    // A version has one content. What an interrupted publication left may stand beside it.
    private static async Task RequireAsync(string signature, string[] files, string anchors, DateTimeOffset at)
    {
        string name = Path.GetFileName(signature)[Sha256HexLength..^SignatureSuffix.Length];
        List<string> problems = [];
        foreach (string content in files.Where(
            file => Path.GetDirectoryName(file) == Path.GetDirectoryName(signature) && Path.GetFileName(file)[Sha256HexLength..] == name))
        {
            if (await OpenSsl.VerifyCmsAsync(signature, content, anchors, at) is not { } problem)
            {
                return;
            }

            problems.Add(problem);
        }

        throw new InvalidOperationException($"OpenSSL does not verify '{signature}': {string.Join('\n', problems)}");
    }
}
