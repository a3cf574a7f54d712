using System.Runtime.Serialization;
using Shared.Contracts.Models;
using Sync.Client.Scoring.TypedRows;

namespace Sync.Client.Tests.Scoring.TypedRows;

/// <summary>Generated code reads each row as the code that is compiled at run time does, to the bit.</summary>
public sealed partial class GeneratedRowTypeTests
{
    [Flags]
    private enum Marks
    {
        None,
        [EnumMember(Value = "syn flag")] Syn = 1,
        Ack = 2,
        Acknowledged = 2,
    }

    [RelayRow]
    private sealed partial record Wide(
        float Single, double Double, decimal Decimal, Half Half, byte Byte, sbyte SByte, short Short, ushort UShort, int Int, uint UInt, long Long,
        ulong ULong, bool Bool, string? Text, Marks Mark, Wide.Nullables Missing)
    {
        public readonly record struct Nullables(float? Single, ulong? ULong);

        public float? NullableSingle => Missing.Single;

        public ulong? NullableULong => Missing.ULong;

        public bool? NullableBool => Bool ? null : true;

        public Half? NullableHalf => Bool ? null : Half;

        public decimal? NullableDecimal => Bool ? Decimal : null;

        public Marks? NullableMark => Bool ? Mark : null;

        [RelayInput("in a \"quoted\" \\ name")]
        public int Quoted => Int;

        public float @class => Single;

        public DateTime At => DateTime.UnixEpoch;

        public int this[int index] => index;
    }

    private abstract class First
    {
        [RelayInput("renamed")]
        public virtual int Overridden => 1;

        public int Hidden => 2;

        public string HiddenByAnother => "two";

        public int Inherited { get; set; } = 3;

        public int NotRead { private get; set; }
    }

    [RelayRow]
    private sealed partial class Second : First
    {
        public override int Overridden => 4;

        public new int Hidden => 5;

        public new int HiddenByAnother => 6;

        internal int Internal => NotRead = 7;
    }

    [RelayRow]
    private partial struct Counting
    {
        private int _reads;

        public int A => ++_reads;

        public float B => 10 * ++_reads;

        public string C => $"{++_reads}";
    }

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, 6)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Read_EveryTypeAtItsLimits_HasTheBitsOfReflection(int row)
    {
        bool isOdd = row % 2 == 1;
        Wide wide = new(
            Pick(row, float.NaN, float.Epsilon, 1.1f), Pick(row, double.MaxValue, 1e-300, 16_777_217.00000001),
            Pick(row, decimal.MaxValue, -0.1m, 3m),
            Pick(row, Half.Epsilon, Half.NaN, Half.MinValue), byte.MaxValue, sbyte.MinValue, short.MinValue, ushort.MaxValue,
            Pick(row, int.MaxValue, 16_777_217, -33_554_435), Pick(row, uint.MaxValue, 4_294_967_167, 1u),
            Pick(row, long.MinValue, 9_007_199_791_611_905, -1L), Pick(row, ulong.MaxValue, 9_223_373_136_366_403_585, 1ul), isOdd,
            Pick(row, null, "", "x"), Pick(row, Marks.Syn, Marks.Ack, Marks.Syn | Marks.Ack), new(isOdd ? null : -0f, isOdd ? ulong.MaxValue : null));

        AssertSame(
            wide, "Single", "Double", "Decimal", "Half", "Byte", "SByte", "Short", "UShort", "Int", "UInt", "Long", "ULong", "Bool", "#Text",
            "#Mark", "NullableSingle", "nullable_u_long", "NullableBool", "NullableHalf", "NullableDecimal", "#NullableMark",
            "in a \"quoted\" \\ name", "class");
    }

    [Fact]
    public void Read_PropertiesOfABaseType_AreThoseOfReflection() =>
        AssertSame(new Second { Inherited = 8 }, "renamed", "Inherited", "Hidden");

    [Fact]
    public void Read_GettersThatChangeTheRow_RunOnceForEachInputInItsOrder() => AssertSame(new Counting(), "B", "#C", "A", "b", "#c");

    [Theory]
    [InlineData("HiddenByAnother")]
    [InlineData("Overridden")]
    [InlineData("NotRead")]
    [InlineData("Internal")]
    [InlineData("#Hidden")]
    public void Bind_PropertyThatDoesNotFit_HasTheErrorsOfReflection(string input) => Assert.Single(AssertSameErrors<Second>(input));

    [Theory]
    [InlineData("At")]
    [InlineData("Item")]
    [InlineData("Missing")]
    [InlineData("#Single")]
    [InlineData("Quoted")]
    public void Bind_PropertyOfAnotherType_HasTheErrorsOfReflection(string input) => Assert.Single(AssertSameErrors<Wide>(input));

    private static T Pick<T>(int row, params T[] values) => values[row % values.Length];

    private static IReadOnlyList<string> AssertSameErrors<T>(params string[] inputs)
        where T : IRelayRow<T>
    {
        new GeneratedRowType<T>("m").Bind(Schema(inputs), out IReadOnlyList<string> generated);
        new ReflectedRowType<T>("m").Bind(Schema(inputs), out IReadOnlyList<string> reflected);
        Assert.Equal(reflected, generated);
        return generated;
    }

    private static void AssertSame<T>(T row, params string[] inputs)
        where T : IRelayRow<T>
    {
        Assert.Empty(AssertSameErrors<T>(inputs));
        Assert.Equal(Read(new ReflectedRowType<T>("m"), row, inputs), Read(new GeneratedRowType<T>("m"), row, inputs));
    }

    private static IEnumerable<string> Read<T>(RowType type, T row, string[] inputs)
    {
        RowReader<T> reader = (RowReader<T>)type.Bind(Schema(inputs), out _)!;
        RowBuffer buffer = RowBuffer.Take(reader.Numbers, reader.Categories);
        reader.Read(row, buffer, 0);
        return
        [
            .. buffer.Numbers.Take(reader.Numbers).Select(number => $"{BitConverter.SingleToUInt32Bits(number):x8}"),
            .. buffer.Categories.Take(reader.Categories),
        ];
    }

    // A name that begins with # is that of a category.
    private static ModelSchema Schema(string[] inputs) =>
        new([.. inputs.Select(name => new ColumnSpec(name.TrimStart('#'), name[0] == '#' ? ColumnType.Category : ColumnType.Number))], []);
}
