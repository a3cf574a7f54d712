using Shared.Contracts.Models;

namespace Shared.Contracts.Tests.Models;

public sealed class SchemaComparisonTests
{
    private static readonly ModelSchema Known = new(
        [new("rate", ColumnType.Number), new("size", ColumnType.Number), new("protocol", ColumnType.Category)], ["benign", "scan", "flood"],
        "benign");

    [Fact]
    public void FindDifferences_SameSchema_IsEmpty()
    {
        Assert.Empty(SchemaComparison.FindDifferences(Known, Known with { Inputs = [.. Known.Inputs], Classes = [.. Known.Classes] }));
    }

    [Fact]
    public void FindDifferences_OfInputs_NamesEachOne()
    {
        Assert.Equal(
            ["input 'size' is missing", "the number of input names is 2 and was 3"], Find(
                Known with { Inputs = [Known.Inputs[0], Known.Inputs[2]] }));
        Assert.Equal(
            ["input 'age' is new", "the number of input names is 4 and was 3"], Find(
                Known with { Inputs = [.. Known.Inputs, new("age", ColumnType.Number)] }));
        Assert.Equal(
            ["input 'size' is missing", "input 'bytes' is new"],
            Find(Known with { Inputs = [Known.Inputs[0], new("bytes", ColumnType.Number), Known.Inputs[2]] }));
        Assert.Equal(
            ["the order differs: input 1 is 'size' and was 'rate'"],
            Find(Known with { Inputs = [Known.Inputs[1], Known.Inputs[0], Known.Inputs[2]] }));
        Assert.Equal(
            ["input 'size' is a category and was a number"],
            Find(Known with { Inputs = [Known.Inputs[0], new("size", ColumnType.Category), Known.Inputs[2]] }));
    }

    [Fact]
    public void FindDifferences_InputThatMustHaveAValue_IsOneAndTheReverseIsNone()
    {
        ModelSchema stricter = Known with { Inputs = [Known.Inputs[0] with { Required = true }, .. Known.Inputs.Skip(1)] };

        Assert.Equal(["input 'rate' must have a value and could be missing"], Find(stricter));
        Assert.Empty(SchemaComparison.FindDifferences(stricter, Known));
    }

    [Fact]
    public void FindDifferences_OfAnswers_NamesEachOne()
    {
        Assert.Equal(["the order differs: class 2 is 'flood' and was 'scan'"], Find(Known with { Classes = ["benign", "flood", "scan"] }));
        Assert.Equal(
            ["class 'flood' is missing", "the number of class names is 2 and was 3"], Find(Known with { Classes = ["benign", "scan"] }));
        Assert.Equal(["the benign class is 'scan' and was 'benign'"], Find(Known with { Benign = "scan" }));
        Assert.Equal(["the benign class is none and was 'benign'"], Find(Known with { Benign = null }));
        Assert.Equal(
            "the task is Regression and was Classification", Find(Known with { Task = ModelTask.Regression, Classes = [], Benign = null })[0]);
    }

    [Fact]
    public void FindDifferencesByName_OtherNumberAndOrder_IsEmptyAndAnswersStillCount()
    {
        ModelSchema reversed = Known with { Inputs = [.. Known.Inputs.Skip(1).Reverse()] };

        Assert.Empty(SchemaComparison.FindDifferencesByName(Known, reversed));
        Assert.Single(SchemaComparison.FindDifferencesByName(Known, reversed with { Benign = null }));
    }

    [Theory]
    [InlineData("\u001b[2J", "'\\u001b[2J'")]
    [InlineData("a\nb", "'a\\nb'")]
    [InlineData("\u202egnp", "'\\u202egnp'")]
    [InlineData("größe", "'größe'")]
    public void Quote_NameOfOthers_IsOnePlainLine(string name, string expected)
    {
        Assert.Equal(expected, SchemaComparison.Quote(name));
        Assert.Equal(66, SchemaComparison.Quote(new string('a', 5000)).Length);
    }

    [Fact]
    public void Join_ThousandsOfDifferences_IsShortAndSaysHowMany()
    {
        string text = SchemaComparison.Join([.. Enumerable.Range(0, 5000).Select(i => $"input '{i}' is new")]);

        Assert.EndsWith("and 4994 more differences", text, StringComparison.Ordinal);
        Assert.True(text.Length < 1000);
    }

    private static IReadOnlyList<string> Find(ModelSchema next) => SchemaComparison.FindDifferences(Known, next);
}
