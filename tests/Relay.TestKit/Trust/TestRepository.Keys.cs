using Relay.Server;
using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.Server.Repository.Publishing;
using Relay.Server.Repository.Rotation;
using Relay.Server.Signing;
using Shared.Contracts;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.TestKit.Trust;

/// <content>What operators and those who hold keys do, by what the commands call.</content>
public sealed partial class TestRepository
{
    /// <summary>The relay's keys.</summary>
    public string KeysPath => _folder.Combine("keys");

    internal KeyRotation KeyRotation => new(Rotations, Keys, new DurableFiles());

    internal CmsRotation CmsRotation => new(Policy, KeysPath, Clock, new DurableFiles());

    /// <summary><c>relay keys rotate ROLE...</c></summary>
    public Task<RotationOutcome> RotateAsync(params string[] roles) => TryRotateAsync(roles).AcceptedAsync();

    /// <summary><c>relay keys rotate ROLE...</c>, which may be refused.</summary>
    public Task<Result<RotationOutcome, RotationRefusal>> TryRotateAsync(params string[] roles) =>
        KeyRotation.RotateAsync(roles, CancellationToken.None);

    /// <summary><c>relay keys rotate ROLE --public-key KEY...</c></summary>
    /// <param name="keys">Names of offline keys; those that there are not are made.</param>
    public Task<RotationOutcome> HandOverAsync(string role, params string[] keys) =>
        KeyRotation.RotateAsync(role, null, [.. keys.Select(PublicOf)], CancellationToken.None).AcceptedAsync();

    /// <summary><c>relay keys revoke KEYID --public-key KEY</c></summary>
    public Task<RotationOutcome> RevokeAsync(string key, string? replacement) =>
        KeyRotation.RevokeAsync(PublicOf(key).Id, replacement is null ? null : PublicOf(replacement), CancellationToken.None)
            .AcceptedAsync();

    /// <summary><c>relay keys rotate cms-root</c></summary>
    public Task<PolicyPublication> RotateCmsRootAsync() => TryRotateCmsRootAsync().AcceptedAsync();

    /// <summary><c>relay keys rotate cms-root</c>, which may be refused.</summary>
    public Task<Result<PolicyPublication, RotationRefusal>> TryRotateCmsRootAsync() => CmsRotation.RotateRootAsync(null, CancellationToken.None);

    /// <summary><c>relay keys rotate cms-root --finish</c></summary>
    public Task<PolicyPublication> FinishCmsRootAsync() => CmsRotation.FinishRootAsync(CancellationToken.None).AcceptedAsync();

    /// <summary>Publishes a version as the relay does after it has started again, with the signer that its key folder has now.</summary>
    public async Task PublishRestartedAsync(string model, int version, byte[] content)
    {
        using SigningKeys keys = (await KeyStore.OpenAsync(KeysPath, Clock, CancellationToken.None)).Keys;
        SignedArtifact artifact = new(model, version, content, new ArtifactSigner(keys, Clock).Sign(content));
        await Releases.PublishAsync(new([artifact], "stable"), CancellationToken.None).AcceptedAsync();
    }

    /// <summary>What people do with a file that waits in <c>rotation/</c>: sign a copy of it, and bring that back.</summary>
    /// <param name="file"><c>root.json</c> or <c>targets.json</c>.</param>
    /// <param name="keys">Names of offline keys.</param>
    public Task<RotationOutcome> SignRotationAsync(string file, params string[] keys) => TrySignRotationAsync(file, keys).AcceptedAsync();

    /// <summary>As <see cref="SignRotationAsync"/>, which may be refused.</summary>
    public async Task<Result<RotationOutcome, RotationRefusal>> TrySignRotationAsync(string file, params string[] keys)
    {
        byte[] copy = await File.ReadAllBytesAsync(Path.Combine(RepositoryPath, "rotation", file));
        foreach (string key in keys)
        {
            using RoleSigner signer = OfflineKey(key);
            UntrustedMetadata metadata = UntrustedMetadata.Read(copy).ValueOrThrow();
            copy = MetadataWriter.WithSignature(copy, signer.KeyId, signer.Sign(metadata.SignedBytes.Span));
        }

        return await Rotations.ImportRootAsync([copy], CancellationToken.None);
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
