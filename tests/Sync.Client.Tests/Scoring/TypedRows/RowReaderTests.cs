using System.Runtime.Serialization;
using Shared.Contracts.Models;
using Sync.Client.Scoring.TypedRows;

namespace Sync.Client.Tests.Scoring.TypedRows;

public sealed class RowReaderTests
{
    private enum Protocol
    {
        Tcp,
        [EnumMember(Value = "udp")] Udp,
    }

    private sealed record Numbers(
        float Single, double Double, decimal Decimal, int Integer, long Long, byte Byte, bool Flag, int? Missing, double? Present);

    private sealed record Texts(string? Text, string? Absent, Protocol Named, Protocol Renamed, Protocol? Unset, Protocol Undefined);

    private readonly record struct Login([property: RelayInput("src_bytes")] int Sent, int FailedLogins, int failed_logins);

    [Fact]
    public void Read_EveryKindOfNumber_ComesAsFloat()
    {
        RowReader<Numbers> reader = Compile<Numbers>(
            ColumnType.Number, "Single", "Double", "Decimal", "Integer", "Long", "Byte", "Flag", "Missing", "Present");
        RowBuffer buffer = RowBuffer.Take(9, 0);

        reader.Read(new(1.5f, 2.25, 3.5m, -4, 5_000_000_000, 6, true, null, 7.5), buffer, 0);

        Assert.Equal([1.5f, 2.25f, 3.5f, -4, 5e9f, 6, 1, float.NaN, 7.5f], buffer.Numbers.AsSpan(0, 9).ToArray());
    }

    [Fact]
    public void Read_EveryKindOfCategory_ComesAsText()
    {
        RowReader<Texts> reader = Compile<Texts>(ColumnType.Category, "Text", "Absent", "Named", "Renamed", "Unset", "Undefined");
        RowBuffer buffer = RowBuffer.Take(0, 12);

        reader.Read(new("a", null, Protocol.Tcp, Protocol.Udp, null, (Protocol)9), buffer, 1);

        Assert.Equal(["a", "", "Tcp", "udp", "", "9"], buffer.Categories.AsSpan(6, 6).ToArray());
    }

    [Fact]
    public void Compile_NamesThatLookAlike_TakesTheClosest()
    {
        RowReader<Login> reader = Compile<Login>(ColumnType.Number, "failed_logins", "src_bytes");
        RowBuffer buffer = RowBuffer.Take(2, 0);

        reader.Read(new(1, 2, 3), buffer, 0);

        Assert.Equal([3, 1], buffer.Numbers.AsSpan(0, 2).ToArray());
    }

    [Theory]
    [InlineData("Sent", ColumnType.Number)]            // its property says it fills another one
    [InlineData("unheard_of", ColumnType.Number)]
    [InlineData("src_bytes", ColumnType.Category)]     // a number where a text is wanted
    [InlineData("failed-logins", ColumnType.Number)]   // two look alike and none is it
    public void Compile_InputThatNothingFits_IsNamed(string input, ColumnType type)
    {
        RowReader<Login>? reader = RowReader<Login>.Compile(new([new(input, type)], []), out IReadOnlyList<string> misfits);

        Assert.Null(reader);
        Assert.Contains(input, Assert.Single(misfits));
    }

    private static RowReader<T> Compile<T>(ColumnType type, params string[] inputs) =>
        RowReader<T>.Compile(new([.. inputs.Select(i => new ColumnSpec(i, type))], []), out _)!;
}
