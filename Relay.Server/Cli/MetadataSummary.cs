using System.Text;
using Relay.Server.Keys;
using Relay.Server.Repository;
using Shared.Contracts;
using Shared.Contracts.Json;
using Shared.Contracts.Tuf;

namespace Relay.Server.Cli;

/// <summary>A description of metadata for its signer, read from the signed bytes alone and not from what a relay states about them.</summary>
internal static class MetadataSummary
{
    /// <exception cref="InvalidDataException">The file is not metadata that people sign: root or targets.</exception>
    public static UntrustedMetadata Read(ReadOnlyMemory<byte> file)
    {
        Result<UntrustedMetadata> read = UntrustedMetadata.Read(file);
        return !read.IsAccepted ? throw new InvalidDataException($"This is not metadata: {read.Refusal.Detail}.")
            : read.Value.Type is RoleNames.Root or RoleNames.Targets ? read.Value
            : throw new InvalidDataException($"Key holders sign root and targets; this is {read.Value.Type}, which the relay signs.");
    }

    /// <param name="isNew">Marks files with a plus sign.</param>
    public static string Describe(UntrustedMetadata metadata, Predicate<TargetFile> isNew)
    {
        StringBuilder text = new();
        text.AppendLine(DisplayText.Format($"{metadata.Type} version {metadata.Metadata.Version}, valid until {metadata.Metadata.Expires:u}"));
        if (metadata.Metadata is RootMetadata root)
        {
            foreach ((string role, RoleKeys keys) in root.Roles)
            {
                Append(text, role, keys, root.Keys);
            }
        }
        else if (metadata.Metadata is TargetsMetadata targets)
        {
            foreach (DelegatedRole role in targets.Delegations?.Roles ?? [])
            {
                Append(text, $"{role.Name} ({string.Join(' ', role.Paths ?? [])})", role.Keys, targets.Delegations!.Keys);
            }

            foreach (TargetFile file in targets.Files.Values.OrderBy(file => file.Path.Value, StringComparer.Ordinal))
            {
                text.AppendLine(DisplayText.Format(
                    $"{(isNew(file) ? '+' : ' ')} {file.Path}  {file.Length} bytes  sha256 {file.Sha256}{DescribeLabel(file)}"));
            }
        }

        return text.ToString();
    }

    /// <summary>The file with a signature by the key.</summary>
    public static (byte[] File, string Signature) Sign(ReadOnlyMemory<byte> file, UntrustedMetadata metadata, RoleSigner key)
    {
        string signature = key.Sign(metadata.SignedBytes.Span);
        return (MetadataWriter.WithSignature(file, key.KeyId, signature), signature);
    }

    private static string DescribeLabel(TargetFile file) =>
        file.Label is { } label ? DisplayText.Format($"  ({label.Model} version {label.Version}, release {label.Release})") : "";

    private static void Append(StringBuilder text, string role, RoleKeys keys, IReadOnlyDictionary<string, VerificationKey> listed)
    {
        int distinct = KeyGroup.From(keys, listed).DistinctKeys;
        text.AppendLine(DisplayText.Format($"  {role}: {keys.Threshold} of {distinct} keys: {string.Join(' ', keys.KeyIds)}"));
        if (distinct < keys.KeyIds.Count)
        {
            text.AppendLine(DisplayText.Format(
                $"    warning: of {keys.KeyIds.Count} listed ids, some name the same key, or a key that cannot verify"));
        }
    }
}
