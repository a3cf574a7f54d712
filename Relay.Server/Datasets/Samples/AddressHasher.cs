using System.Security.Cryptography;
using System.Text;
using Shared.Contracts.Datasets;

namespace Relay.Server.Datasets.Samples;

/// <summary>Hashes under the key of a dataset: without the key, trying all addresses finds none.</summary>
internal sealed class AddressHasher(byte[] key)
{
    /// <summary>As many as no two addresses share.</summary>
    private const int Bytes = 16;

    private const string AddressUse = "address:";
    private const string IdUse = "id:";

    /// <summary>The hash of an address, in hexadecimal; null for what is no address.</summary>
    public string? Hash(string text) =>
        LoggedAddress.Normalize(text) is { } address ? Convert.ToHexStringLower(Compute(AddressUse + address)) : null;

    /// <summary>What is left of the id of a sample that was forgotten.</summary>
    public byte[] Mark(string id) => Compute(IdUse + id);

    private byte[] Compute(string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))[..Bytes];
}
