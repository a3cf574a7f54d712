namespace Relay.Server.Keys;

/// <summary>Ids of keys: whatever the metadata call a key, of any length.</summary>
internal static class KeyIds
{
    /// <summary>The first characters, enough for people to tell keys apart.</summary>
    public static string Shorten(string keyId, int length) => keyId[..Math.Min(length, keyId.Length)];
}
