using System.IO.Compression;
using System.Text;
using Relay.Training.Data.Csv;

namespace Relay.Training.Tests.Data.Csv;

/// <summary>The data of a gzip file come out only where all of them are there.</summary>
public sealed class WholeGzipStreamTests
{
    private const int TrailerLength = 8;

    private static readonly string Text = string.Concat(Enumerable.Range(0, 3_000).Select(i => $"{i},{i * 7919 % 1009}\n"));

    private static readonly byte[] Whole = Pack(Text);

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Read_WholeMembers_GivesTheirTextOneAfterAnother(CompressionLevel level)
    {
        byte[] members = [.. Pack(Text, level), .. Pack("", level), .. Pack("last", level)];

        Assert.Equal(Text + "last", Unpack(members));
        Assert.Equal(Text + "last", Unpack(members, bufferSize: 7));
        Assert.Equal(Text + "last", Unpack(members, inputSize: 1));
    }

    [Fact]
    [Trait("Attack", "cut-off-training-data")]
    public void Read_CutAnywhere_IsRefused()
    {
        byte[] packed = Pack(Text[..2_000]);
        byte[] stored = Pack(Text[..400], CompressionLevel.NoCompression);

        foreach (byte[] whole in (byte[][])[packed, stored, [.. packed, .. stored]])
        {
            // At the end of a member, what is left is whole.
            for (int length = 2; length < whole.Length; length++)
            {
                if (length != packed.Length || whole.Length <= packed.Length)
                {
                    InvalidDataException refused = Refused(whole[..length]);
                    Assert.True(refused.Message.Contains("cut off", StringComparison.Ordinal), $"{length} of {whole.Length}: {refused.Message}");
                }
            }
        }
    }

    [Fact]
    public void Read_CutOff_SaysAfterWhichLine()
    {
        int lines = Text[..^1].Count(c => c == '\n');

        string message = Refused(Whole[..^6]).Message;

        Assert.Contains($"after line {lines + 1}", message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Attack", "cut-off-training-data")]
    public void Read_FlippedByteInDataSumOrLength_IsRefused()
    {
        byte[] packed = Pack(Text[..2_000]);
        for (int at = 10; at < packed.Length; at++)
        {
            byte[] flipped = [.. packed];
            flipped[at] ^= 0x10;

            // Bits that fill up the last byte of the data mean nothing.
            if (at != packed.Length - TrailerLength - 1)
            {
                Refused(flipped);
            }
        }
    }

    [Fact]
    public void Read_DamagedLaterMember_IsRefused()
    {
        byte[] packed = Pack(Text[..2_000]);
        byte[] members = [.. Whole, .. packed];
        members[Whole.Length + (packed.Length / 2)] ^= 0x55;

        Refused(members);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("\u001f")]
    [InlineData("more bytes behind the data")]
    [InlineData("\0\0\0\0")]
    public void Read_BytesBehindTheLastMember_AreRefused(string more)
    {
        byte[] all = [.. Whole, .. Encoding.Latin1.GetBytes(more)];

        Refused(all);
        Refused(all, inputSize: 1);

        // The data end where a read of the file ends.
        Refused(all, inputSize: Whole.Length);
    }

    private static InvalidDataException Refused(byte[] packed, int inputSize = int.MaxValue) =>
        Assert.Throws<InvalidDataException>(() => Unpack(packed, inputSize: inputSize));

    private static string Unpack(byte[] packed, int bufferSize = 4096, int inputSize = int.MaxValue)
    {
        using WholeGzipStream stream = new(new SmallReads(packed, inputSize));
        using MemoryStream text = new();
        stream.CopyTo(text, bufferSize);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static byte[] Pack(string text, CompressionLevel level = CompressionLevel.Optimal)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, level))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private sealed class SmallReads(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, size)]);
    }
}
