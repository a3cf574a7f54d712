using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Shared.Contracts.Api;
using Shared.Contracts.Json;

namespace Shared.Contracts.Audit;

/// <summary>The form of the audit log: a line of JSON for each entry, which names the hash of the line before.</summary>
internal static class AuditChain
{
    /// <summary>What the first entry names as the hash before it.</summary>
    public static readonly string Start = new('0', 64);

    /// <summary>An entry with long details; a line of the relay is far shorter.</summary>
    public const int MaximumLine = 64 * 1024;

    // A line is never part of a page, and a plus sign stays a plus sign.
    private static readonly RelayApiJson Lines = new(new JsonSerializerOptions(RelayApiJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static string ToLine(AuditEntry entry) => JsonSerializer.Serialize(entry, Lines.AuditEntry);

    public static string Hash(string line) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)));

    /// <summary>The entry of a line; null when it is none.</summary>
    public static AuditEntry? TryRead(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, Lines.AuditEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
