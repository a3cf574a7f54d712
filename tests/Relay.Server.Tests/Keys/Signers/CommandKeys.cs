using System.Security.Cryptography;
using System.Text.Json;
using Relay.TestKit;

namespace Relay.Server.Tests.Keys.Signers;

/// <summary>Keys that only a command reaches, as those of an HSM: signer files name the command.</summary>
internal sealed class CommandKeys : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Makes a key and its signer file.</summary>
    /// <param name="folder">Of the signer file and the public key.</param>
    /// <param name="given">The PEM of the key; null: a new one.</param>
    /// <returns>The path of the signer file.</returns>
    public string Create(string folder, string name, string? given = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (given is not null)
        {
            key.ImportFromPem(given);
        }

        string secret = _folder.Combine(Path.GetRandomFileName());
        File.WriteAllText(secret, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, name + ".pub.pem"), key.ExportSubjectPublicKeyInfoPem() + "\n");
        return Write(folder, name, "openssl", "pkeyutl", "-sign", "-inkey", secret);
    }

    public static string Write(string folder, string name, params string[] command)
    {
        string path = Path.Combine(folder, name + ".signer.json");
        File.WriteAllText(path, JsonSerializer.Serialize(new { kind = "command", publicKey = name + ".pub.pem", command, timeoutSeconds = 20 }));
        return path;
    }

    public void Dispose() => _folder.Dispose();
}
