namespace Shared.Contracts.Tests;

public sealed class DisplayTextTests
{
    public static TheoryData<string, string> Unsafe => new()
    {
        { "a\nnode forged: stable release 9", "a\\nnode forged: stable release 9" },
        { "a\r\tb", "a\\r\\tb" },
        { "\u001b[2J\u001b[1;1H", "\\u001b[2J\\u001b[1;1H" },
        { "\a\b\0\u007f", "\\u0007\\u0008\\u0000\\u007f" },
        { "\u0085\u009b31m", "\\u0085\\u009b31m" },
        { "\u2028\u2029", "\\u2028\\u2029" },
        { "\u202egnp.exe\u2066\u200b", "\\u202egnp.exe\\u2066\\u200b" },
        { "x\ud83dy", "x\\ud83dy" },
        { "\udc00", "\\udc00" },
        { "\U000e0041", "\\U000e0041" },
    };

    [Theory]
    [MemberData(nameof(Unsafe))]
    public void Escape_OfTextThatMovesTheCursorOrForgesALine_IsOneVisibleLine(string text, string expected)
    {
        Assert.False(DisplayText.IsPlain(text));
        Assert.Equal(expected, DisplayText.Escape(text));
        Assert.Equal(expected, DisplayText.Escape(DisplayText.Escape(text)));
        Assert.True(DisplayText.IsPlain(expected));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Zürich, 東京, C:\\models\\a.onnx, 😀, e\u0301")]
    public void Escape_OfPlainText_IsTheSameText(string text)
    {
        Assert.True(DisplayText.IsPlain(text));
        Assert.Same(text, DisplayText.Escape(text));
    }

    [Theory]
    [InlineData("\u0645\u06cc\u200c\u0634\u0648\u062f")]
    [InlineData("\u200fsum\u00ad of\ufeff x\u200b")]
    [InlineData("\ud83d\udc68\u200d\ud83d\udcbb")]
    public void IsNameInData_InvisibleCharactersOfRealHeaders_AreTakenThoughNoChosenNameMayHaveThem(string name)
    {
        Assert.True(DisplayText.IsNameInData(name));
        Assert.False(DisplayText.IsPlain(name));
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("\u001b[2J")]
    [InlineData("\u0085")]
    [InlineData("\u2028")]
    [InlineData("\u2029")]
    [InlineData("\u202egpj.exe")]
    [InlineData("\u2066x")]
    public void IsNameInData_TextThatStartsALineOrTurnsTheTextAroundIt_IsRefused(string name) => Assert.False(DisplayText.IsNameInData(name));

    [Fact]
    public void IsNameInData_HalfASurrogatePair_IsRefused() => Assert.False(DisplayText.IsNameInData("x\ud83dy"));

    [Fact]
    public void Escape_OfNull_IsEmpty() => Assert.Equal("", DisplayText.Escape(null));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdefg", 6, "abc...")]
    [InlineData("\n\n\n\n", 6, "\\n\\...")]
    [InlineData("abc\ud83d\ude00xyz", 7, "abc...")]
    public void Escape_WithAMaximum_IsNeverLonger(string text, int maximum, string expected)
    {
        string escaped = DisplayText.Escape(text, maximum);
        Assert.Equal(expected, escaped);
        Assert.True(escaped.Length <= maximum && DisplayText.IsPlain(escaped));
    }

    [Fact]
    public void EscapeLines_OfTextThatForgesALogEntry_IndentsEachFurtherLine()
    {
        Assert.Equal(
            "refused\n  12:00:00 info  1310 forged\\u001b[1A\n  at X",
            DisplayText.EscapeLines("refused\r\n12:00:00 info  1310 forged\u001b[1A\n  at X"));
    }

    [Fact]
    public void Format_EscapesEachInsertedValueAndNoLiteral()
    {
        string channel = "stable\nforged";
        char bell = '\a';
        Assert.Equal(
            "channel stable\\nforged:\n  1.50 \\u0007 ", DisplayText.Format($"channel {channel}:\n  {1.5:0.00} {bell} {(string?)null}"));
    }
}
