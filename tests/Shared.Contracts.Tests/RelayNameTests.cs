namespace Shared.Contracts.Tests;

public sealed class RelayNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("threat-classifier")]
    [InlineData("0-9")]
    [InlineData("beta-")]
    public void IsValid_PlainName_IsTrue(string name) => Assert.True(RelayName.IsValid(name));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("A")]
    [InlineData("a_b")]
    [InlineData("a.b")]
    [InlineData("a/b")]
    [InlineData("a\n")]
    [InlineData("\u00e4")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void IsValid_AnythingElse_IsFalse(string? name) => Assert.False(RelayName.IsValid(name));

    [Theory]
    [InlineData("web-1.example_A", true)]
    [InlineData(".", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    [InlineData("a/b", false)]
    public void IsValidNode_LettersDigitsDotsHyphensUnderscores_IsTrue(string? name, bool valid) =>
        Assert.Equal(valid, RelayName.IsValidNode(name));
}
