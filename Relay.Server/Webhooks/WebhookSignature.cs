using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Relay.Server.Webhooks;

/// <summary>The signature of a delivery, as Standard Webhooks 1.0 has it: HMAC-SHA256 over id, time and body.</summary>
internal static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>The header <c>webhook-signature</c>.</summary>
    /// <param name="timestamp">Seconds since 1970: when the attempt was made.</param>
    public static string Create(byte[] secret, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using IncrementalHash hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        hmac.AppendData(body);
        return "v1," + Convert.ToBase64String(hmac.GetHashAndReset());
    }
}
