namespace Shared.Contracts.Tests;

public sealed class DisplayTextWriterTests
{
    private const string Hostile = "a\u001b[2J\nb\r\u009bc";

    public static TheoryData<Action<TextWriter>, string> Calls => new()
    {
        { w => w.Write(Hostile), "a\\u001b[2J\nb\\r\\u009bc" },
        { w => w.Write(Hostile.ToCharArray(), 0, 3), "a\\u001b[" },
        { w => w.Write(Hostile.AsSpan()), "a\\u001b[2J\nb\\r\\u009bc" },
        { w => w.Write('\u001b'), "\\u001b" },
        { w => w.Write("{0}!", Hostile), "a\\u001b[2J\nb\\r\\u009bc!" },
        { w => w.Write((object)Hostile), "a\\u001b[2J\nb\\r\\u009bc" },
        { w => w.WriteLine(Hostile), "a\\u001b[2J\n  b\\r\\u009bc\n" },
        { w => w.WriteLineAsync(Hostile).Wait(), "a\\u001b[2J\n  b\\r\\u009bc\n" },
        { w => w.WriteAsync(Hostile).Wait(), "a\\u001b[2J\nb\\r\\u009bc" },
        { w => w.WriteLine(), "\n" },
        { w => w.WriteLine("a\r\n  b"), "a\n  b\n" },
        { w => w.WriteLine("one of:\n\t'a'\n\t'b\t'"), "one of:\n  'a'\n  'b\\t'\n" },
        { w => "😀".ToList().ForEach(w.Write), "😀" },
    };

    [Theory]
    [MemberData(nameof(Calls), DisableDiscoveryEnumeration = true)]
    public void Write_TextOfOthers_LetsNoControlCharacterThrough(Action<TextWriter> write, string expected)
    {
        using StringWriter terminal = new() { NewLine = "\n" };
        using DisplayTextWriter writer = new(terminal);

        write(writer);

        Assert.Equal(expected, terminal.ToString());
        Assert.Same(terminal, writer.Target);
    }
}
