using Shared.Contracts.Datasets;
using Shared.Contracts.Models;

namespace Shared.Contracts.Tests.Datasets;

public sealed class DatasetRulesTests
{
    private static readonly DatasetSpec Valid = new()
    {
        Name = "events",
        Columns = [new("length", ColumnType.Number) { Nodes = true }, new("verdict", ColumnType.Label)],
        Label = new DatasetLabel { Classes = ["good", "bad"] },
    };

    public static TheoryData<string> Broken => [.. Cases.Keys];

    private static Dictionary<string, (DatasetSpec Spec, string Path)> Cases => new(StringComparer.Ordinal)
    {
        ["a name with capitals"] = (Valid with { Name = "Events" }, "$.name"),
        ["no column"] = (Valid with { Columns = [], Label = null }, "$.columns"),
        ["the label alone"] = (Valid with { Columns = [new("verdict", ColumnType.Label)] }, "$.columns"),
        ["a name twice"] = (With(new("length", ColumnType.Category)), "$.columns[2].name"),
        ["the name of the id"] = (With(new("id", ColumnType.Category)), "$.columns[2].name"),
        ["a name with a line break"] = (With(new("a\nb", ColumnType.Category)), "$.columns[2].name"),
        ["two labels"] = (With(new("other", ColumnType.Label)), "$.columns[2].type"),
        ["no such type"] = (With(new("other", (ColumnType)99)), "$.columns[2].type"),
        ["addresses in numbers"] = (With(new("ip", ColumnType.Number) { Addresses = AddressHandling.Hash }), "$.columns[2].addresses"),
        ["weights of nodes"] = (With(new("w", ColumnType.Weight) { Nodes = true }), "$.columns[2].nodes"),
        ["a label without labels"] = (Valid with { Label = null }, "$.label"),
        ["labels without a column"] = (Valid with { Columns = [new("length", ColumnType.Number)] }, "$.label"),
        ["classes and numbers"] = (Valid with { Label = new() { Classes = ["a", "b"], Number = true } }, "$.label"),
        ["one class"] = (Valid with { Label = new() { Classes = ["a"] } }, "$.label.classes"),
        ["a class twice"] = (Valid with { Label = new() { Classes = ["a", "a"] } }, "$.label.classes[1]"),
        ["no share"] = (Valid with { Limits = new() { NodeShare = 0 } }, "$.limits.nodeShare"),
        ["a share that is no number"] = (Valid with { Limits = new() { NodeShare = double.NaN } }, "$.limits.nodeShare"),
        ["rows below none"] = (Valid with { Limits = new() { RowsPerNodeAndDay = -1 } }, "$.limits.rowsPerNodeAndDay"),
        ["too many rows"] = (Valid with { Limits = new() { MaxRows = int.MaxValue } }, "$.limits.maxRows"),
        ["no retention"] = (Valid with { Limits = new() { RetentionDays = 0 } }, "$.limits.retentionDays"),
    };

    [Fact]
    public void FirstProblem_ValidSpec_IsNull() => Assert.Null(DatasetRules.FirstProblem(Valid));

    [Theory]
    [MemberData(nameof(Broken))]
    public void FirstProblem_BrokenRule_NamesItsMember(string rule) =>
        Assert.Equal(Cases[rule].Path, DatasetRules.FirstProblem(Cases[rule].Spec)?.Path);

    private static DatasetSpec With(DatasetColumn column) => Valid with { Columns = [.. Valid.Columns, column] };
}
