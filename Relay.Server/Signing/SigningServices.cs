using Relay.Server.Keys;
using Relay.Server.Keys.Signers;
using Relay.Server.Signing.Evidence;
using Shared.Contracts;
using Shared.Contracts.Cms;
using Shared.Contracts.Releases;

namespace Relay.Server.Signing;

/// <summary>The services that sign models and their evidence, as configured in <c>signer.json</c>.</summary>
internal sealed class SigningServices : IDisposable
{
    private SigningServices(ModelSigningKey key, TimestampClient? timestamps, byte[]? timestampAnchors, TimeProvider timeProvider)
    {
        (Key, Timestamps, TimestampAnchors) = (key, timestamps, timestampAnchors);
        Artifacts = new(key, timeProvider);
        Evidence = new(key);
    }

    public ArtifactSigner Artifacts { get; }

    public EvidenceWriter Evidence { get; }

    /// <summary>Null where no authority is configured.</summary>
    public TimestampClient? Timestamps { get; }

    /// <summary>PEM for nodes to pin; null where none is configured.</summary>
    public byte[]? TimestampAnchors { get; }

    private ModelSigningKey Key { get; }

    /// <summary>Opens the key and makes a signature with it, so that a wrong one is found at start and not after hours of
    /// training.</summary>
    /// <exception cref="SigningException">The settings are wrong, the key cannot be reached, or nodes would not accept its
    /// signatures.</exception>
    public static SigningServices Open(string settingsFile, SigningKeys keys, TimeProvider timeProvider)
    {
        SignerSettings settings = SignerSettings.Read(settingsFile);
        byte[]? anchors = settings.TimestampAnchors is { } file ? ReadAnchors(file) : null;
        ModelSigningKey key = ModelSigningKey.Open(settings, keys);
        TimestampClient? timestamps = settings.TimestampAuthority is { } authority ? new(authority, timeProvider) : null;
        SigningServices parts = new(key, timestamps, anchors, timeProvider);
        if (parts.Artifacts.FindRefusal(keys.CmsRoots) is { } refusal)
        {
            parts.Dispose();
            throw new SigningException($"Nodes would refuse what the signer signs ({refusal.Reason}): {refusal.Detail}.");
        }

        return parts;
    }

    public void Dispose()
    {
        Timestamps?.Dispose();
        Key.Dispose();
    }

    private static byte[] ReadAnchors(string file)
    {
        try
        {
            byte[] pem = File.ReadAllBytes(file);
            return TrustAnchors.Read(pem, TargetPaths.TimestampAnchors).Refusal is not { } refusal
                ? pem
                : throw new SigningException($"The time-stamp anchors in '{file}' cannot be read: {refusal.Detail}.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new SigningException($"The time-stamp anchors in '{file}' cannot be read: {unreadable.Message}", unreadable);
        }
    }
}
