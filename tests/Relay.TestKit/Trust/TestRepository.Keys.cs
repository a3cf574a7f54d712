using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.Server.Repository.Rotation;
using Relay.Server.Signing;
using Relay.Server.Storage;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Relay.TestKit.Trust;

/// <content>What operators and those who hold keys do, by what the commands call.</content>
public sealed partial class TestRepository
{
    /// <summary>The relay's keys.</summary>
    public string KeysPath => _folder.Combine("keys");

    internal KeyRotation Rotation => new(Publisher, Keys, new DurableFiles());

    internal CmsRotation CmsRotation => new(Publisher, KeysPath, Clock, new DurableFiles());

    /// <summary><c>relay keys rotate ROLE...</c></summary>
    public Task<RotationOutcome> RotateAsync(params string[] roles) => Rotation.RotateAsync(roles, CancellationToken.None);

    /// <summary><c>relay keys rotate ROLE --public-key KEY...</c></summary>
    /// <param name="keys">Names of offline keys; those that there are not are made.</param>
    public Task<RotationOutcome> HandOverAsync(string role, params string[] keys) =>
        Rotation.RotateAsync(role, null, [.. keys.Select(PublicOf)], CancellationToken.None);

    /// <summary><c>relay keys revoke KEYID --public-key KEY</c></summary>
    public Task<RotationOutcome> RevokeAsync(string key, string? replacement) =>
        Rotation.RevokeAsync(PublicOf(key).Id, replacement is null ? null : PublicOf(replacement), CancellationToken.None);

    /// <summary><c>relay keys rotate cms-root</c></summary>
    public Task RotateCmsRootAsync() => CmsRotation.RotateRootAsync(null, CancellationToken.None);

    /// <summary><c>relay keys rotate cms-root --finish</c></summary>
    public Task FinishCmsRootAsync() => CmsRotation.FinishRootAsync(CancellationToken.None);

    /// <summary>Publishes a version as the relay does after it has started again, with the signer that its key folder has now.</summary>
    public async Task PublishRestartedAsync(string model, int version, byte[] content)
    {
        using SigningKeys keys = (await KeyStore.OpenAsync(KeysPath, Clock, CancellationToken.None)).Keys;
        SignedArtifact artifact = new(model, version, content, new ArtifactSigner(keys, Clock).Sign(content));
        await Publisher.PublishAsync(new([artifact], "stable"), CancellationToken.None);
    }

    /// <summary>What people do with a file that waits in <c>rotation/</c>: sign a copy of it, and bring that back.</summary>
    /// <param name="file"><c>root.json</c> or <c>targets.json</c>.</param>
    /// <param name="keys">Names of offline keys.</param>
    public async Task<RotationOutcome> SignRotationAsync(string file, params string[] keys)
    {
        byte[] copy = await File.ReadAllBytesAsync(Path.Combine(RepositoryPath, "rotation", file));
        foreach (string key in keys)
        {
            using RoleSigner signer = OfflineKey(key);
            UntrustedMetadata metadata = UntrustedMetadata.Read(copy).ValueOrThrow();
            copy = MetadataWriter.WithSignature(copy, signer.KeyId, signer.Sign(metadata.SignedBytes.Span));
        }

        return await Publisher.ImportRootAsync([copy], CancellationToken.None);
    }

    /// <summary>A private key that people keep, such as <c>root-1</c>; a new one when there is none of the name.</summary>
    internal RoleSigner OfflineKey(string key)
    {
        string folder = _folder.Combine("ceremony/offline");
        Directory.CreateDirectory(folder);
        return File.Exists(Path.Combine(folder, key + ".pem"))
            ? KeyFolder.ReadFile(Path.Combine(folder, key + ".pem"))
            : KeyFolder.Create(folder, key + ".pem", new DurableFiles());
    }

    internal VerificationKey PublicOf(string key)
    {
        using RoleSigner signer = OfflineKey(key);
        return signer.Public;
    }
}
