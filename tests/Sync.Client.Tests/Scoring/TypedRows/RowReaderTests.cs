using System.Runtime.Serialization;
using Shared.Contracts.Models;
using Sync.Client.Scoring.TypedRows;

namespace Sync.Client.Tests.Scoring.TypedRows;

/// <summary>Rows that generated code reads, and those bound by reflection.</summary>
public sealed partial class RowReaderTests
{
    private enum Protocol
    {
        Tcp,
        [EnumMember(Value = "udp")] Udp,
    }

    [RelayRow]
    private sealed partial record Numbers(
        float Single, double Double, decimal Decimal, int Integer, long Long, byte Byte, bool Flag, int? Missing, double? Present);

    [RelayRow]
    private sealed partial record Texts(string? Text, string? Absent, Protocol Named, Protocol Renamed, Protocol? Unset, Protocol Undefined);

    [RelayRow]
    private readonly partial record struct Login([property: RelayInput("src_bytes")] int Sent, int FailedLogins, int failed_logins);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_EveryKindOfNumber_ComesAsFloat(bool isGenerated)
    {
        RowReader<Numbers> reader = Bind<Numbers>(
            isGenerated, ColumnType.Number, "Single", "Double", "Decimal", "Integer", "Long", "Byte", "Flag", "Missing", "Present");
        RowBuffer buffer = RowBuffer.Take(9, 0);

        reader.Read(new(1.5f, 2.25, 3.5m, -4, 5_000_000_000, 6, true, null, 7.5), buffer, 0);

        Assert.Equal([1.5f, 2.25f, 3.5f, -4, 5e9f, 6, 1, float.NaN, 7.5f], buffer.Numbers.AsSpan(0, 9).ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_EveryKindOfCategory_ComesAsText(bool isGenerated)
    {
        RowReader<Texts> reader = Bind<Texts>(isGenerated, ColumnType.Category, "Text", "Absent", "Named", "Renamed", "Unset", "Undefined");
        RowBuffer buffer = RowBuffer.Take(0, 12);

        reader.Read(new("a", null, Protocol.Tcp, Protocol.Udp, null, (Protocol)9), buffer, 1);

        Assert.Equal(["a", "", "Tcp", "udp", "", "9"], buffer.Categories.AsSpan(6, 6).ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Bind_NamesThatLookAlike_TakesTheClosest(bool isGenerated)
    {
        RowReader<Login> reader = Bind<Login>(isGenerated, ColumnType.Number, "failed_logins", "src_bytes");
        RowBuffer buffer = RowBuffer.Take(2, 0);

        reader.Read(new(1, 2, 3), buffer, 0);

        Assert.Equal([3, 1], buffer.Numbers.AsSpan(0, 2).ToArray());
    }

    [Theory]
    [InlineData("Sent", ColumnType.Number)]            // its property says it fills another one
    [InlineData("unheard_of", ColumnType.Number)]
    [InlineData("src_bytes", ColumnType.Category)]     // a number where a text is wanted
    [InlineData("failed-logins", ColumnType.Number)]   // two look alike and none is it
    public void Bind_InputThatNothingFits_IsNamed(string input, ColumnType type)
    {
        ModelSchema schema = new([new(input, type)], []);

        object? generated = new GeneratedRowType<Login>("m").Bind(schema, out IReadOnlyList<string> errors);
        object? reflected = new ReflectedRowType<Login>("m").Bind(schema, out IReadOnlyList<string> errorsOfReflection);

        Assert.Equal((null, null), (generated, reflected));
        Assert.Contains(input, Assert.Single(errors), StringComparison.Ordinal);
        Assert.Equal(errorsOfReflection, errors);
    }

    private static RowReader<T> Bind<T>(bool isGenerated, ColumnType type, params string[] inputs)
        where T : IRelayRow<T>
    {
        RowType row = isGenerated ? new GeneratedRowType<T>("m") : new ReflectedRowType<T>("m");
        return (RowReader<T>)row.Bind(new([.. inputs.Select(i => new ColumnSpec(i, type))], []), out _)!;
    }
}
