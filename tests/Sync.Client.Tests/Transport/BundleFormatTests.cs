using System.Text;
using Relay.TestKit;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;
using Sync.Client.Tests.Trust;
using Sync.Client.Transport;

namespace Sync.Client.Tests.Transport;

/// <summary>Files that are no bundle: refused as such, before anything in them is looked at.</summary>
public sealed class BundleFormatTests : IDisposable
{
    private const long Gigabyte = 1L << 30;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Get_WhatTheRelayExports_IsReadAndDeterministic()
    {
        using TestRepository repository = await TestRepository.CreateAsync();
        await repository.PublishAsync("threat", 1, [1, 2, 3]);
        (string first, string second) = (_folder.Combine("1"), _folder.Combine("2"));
        await repository.ExportBundleAsync(first);
        await repository.ExportBundleAsync(second);

        using FileStream file = File.OpenRead(first);
        Fetched timestamp = await new BundleRepository("bundle", file).GetMetadataAsync("timestamp.json", TrustBounds.TimestampBytes, null, default);

        Assert.Equal(repository.Serve("metadata/timestamp.json"), timestamp.Bytes);
        Assert.Equal(await File.ReadAllBytesAsync(first), await File.ReadAllBytesAsync(second));
        Assert.Equal(BundleEditor.Open(first).Names.Order(StringComparer.Ordinal), BundleEditor.Open(first).Names);
    }

    [Fact]
    public async Task Get_AnyTruncation_IsMalformed()
    {
        byte[] whole = Tar(BundleEditor.Header("metadata/timestamp.json", 3), Padded("abc"));
        for (int length = 0; length < whole.Length; length += 64)
        {
            await AssertMalformedAsync(whole[..length]);
        }
    }

    [Fact]
    public async Task Get_BytesBehindTheEnd_IsMalformed() =>
        await AssertMalformedAsync([.. Tar(BundleEditor.Header("metadata/timestamp.json", 3), Padded("abc")), .. new byte[512]]);

    [Theory]
    [Trait("Attack", "path-traversal")]
    [InlineData("../timestamp.json")]
    [InlineData("/metadata/timestamp.json")]
    [InlineData("metadata/../timestamp.json")]
    [InlineData("metadata/./timestamp.json")]
    [InlineData("metadata//timestamp.json")]
    [InlineData("metadata\\timestamp.json")]
    [InlineData("timestamp.json")]
    [InlineData("other/timestamp.json")]
    [InlineData("metadata/")]
    [InlineData("metadata/C:evil")]
    [InlineData("metadata/a\u0001")]
    [InlineData("")]
    [Trait("Attack", "path-traversal")]
    public async Task Get_NameThatIsNotPlain_IsMalformed(string name) =>
        await AssertMalformedAsync(Tar(BundleEditor.Header(name, 3), Padded("abc")));

    [Theory]
    [InlineData('\0')]
    [InlineData('1')]
    [InlineData('2')]
    [InlineData('5')]
    [InlineData('g')]
    [InlineData('x')]
    [InlineData('L')]
    [InlineData('S')]
    public async Task Get_EntryThatIsNoRegularFile_IsMalformed(char type) =>
        await AssertMalformedAsync(Tar(BundleEditor.Header("metadata/timestamp.json", 3, type), Padded("abc")));

    [Fact]
    public async Task Get_NameTwice_IsMalformed() => await AssertMalformedAsync(Tar(
        BundleEditor.Header("metadata/timestamp.json", 3), Padded("abc"), BundleEditor.Header("metadata/timestamp.json", 3), Padded("abd")));

    [Fact]
    public async Task Get_TooManyEntries_IsMalformed() => await AssertMalformedAsync(Tar(
        [.. Enumerable.Range(0, BundleFormat.Entries + 1).Select(i => BundleEditor.Header($"targets/{i}", 0))]));

    [Fact]
    public async Task Get_EntryLongerThanTheFile_IsMalformed() =>
        await AssertMalformedAsync(Tar(BundleEditor.Header("metadata/timestamp.json", 7 * Gigabyte), Padded("abc")));

    [Fact]
    public async Task Get_WrongChecksum_IsMalformed()
    {
        byte[] header = BundleEditor.Header("metadata/timestamp.json", 3);
        header[10] ^= 1;
        await AssertMalformedAsync(Tar(header, Padded("abc")));
    }

    [Theory]
    [InlineData("        ")]
    [InlineData("-1")]
    [InlineData("9")]
    public async Task Get_LengthThatIsNotOctal_IsMalformed(string length)
    {
        byte[] header = BundleEditor.Header("metadata/timestamp.json", 3);
        header.AsSpan(124, 12).Clear();
        Encoding.ASCII.GetBytes(length).CopyTo(header, 124);
        await AssertMalformedAsync(Tar(header, Padded("abc")));
    }

    [Fact]
    [Trait("Attack", "endless-body")]
    public async Task Get_EntryOfGigabytes_IsRefusedWithoutMemoryForIt()
    {
        string path = _folder.Combine("huge");
        using (FileStream huge = File.Create(path))
        {
            huge.Write(BundleEditor.Header("metadata/timestamp.json", 6 * Gigabyte));
            huge.SetLength(512 + (6 * Gigabyte) + 1024);
        }

        long before = GC.GetTotalAllocatedBytes();
        Fetched fetched = await GetAsync(path);

        Assert.Equal(RefusalReason.MetadataTooLarge, fetched.Refusal?.Reason);

        // Far below the entry's size; what other tests allocate meanwhile counts too.
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, Gigabyte);
    }

    private async Task AssertMalformedAsync(byte[] content)
    {
        string path = _folder.Combine("bundle");
        await File.WriteAllBytesAsync(path, content);
        Assert.Equal(RefusalReason.BundleMalformed, (await GetAsync(path)).Refusal?.Reason);
    }

    private static async Task<Fetched> GetAsync(string path)
    {
        using FileStream file = File.OpenRead(path);
        return await new BundleRepository("bundle", file).GetMetadataAsync("timestamp.json", TrustBounds.TimestampBytes, null, default);
    }

    private static byte[] Tar(params byte[][] blocks) => [.. blocks.SelectMany(b => b), .. new byte[1024]];

    private static byte[] Padded(string content) => [.. Encoding.ASCII.GetBytes(content), .. new byte[512 - content.Length]];
}
