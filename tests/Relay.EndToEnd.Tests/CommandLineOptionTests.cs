using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Reflection;
using Demo;
using Relay.Server.Cli;
using Relay.TestKit;
using Sync.Node;

namespace Relay.EndToEnd.Tests;

/// <summary>Each option and argument of each command line of ours, with a value that it takes and with one that it does not: a value
/// is read as the command reads it, and a wrong one is an error of one line and no exception.</summary>
public sealed class CommandLineOptionTests
{
    private static readonly Dictionary<string, Func<Command>> Programs = new(StringComparer.Ordinal)
    {
        ["relay"] = RelayCommand.Create,
        ["relay-node"] = NodeCommandLine.Create,
        ["demo"] = DemoCommand.Create,
    };

    /// <summary>Values of options that take a form of their own.</summary>
    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal)
    {
        ["--relay"] = "https://localhost:60002",
        ["--mirror"] = "https://cdn.example/relay",
        ["--tsa"] = "https://tsa.example/",
        ["RELEASE"] = "3",
    };

    public static TheoryData<string, string, string> Options
    {
        get
        {
            TheoryData<string, string, string> all = [];
            foreach ((string program, Func<Command> create) in Programs)
            {
                foreach ((string path, Command command) in Commands(create(), ""))
                {
                    foreach (Option option in OptionsOf(command))
                    {
                        all.Add(program, path, option.Name);
                    }
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Parse_OptionWithAValueThatItTakes_IsRead(string program, string path, string option)
    {
        (Command root, Option found) = Find(program, path, option);
        string? value = SampleOf(found);

        ParseResult parsed = root.Parse([.. Words(path), option, .. value is null ? [] : new[] { value }]);
        OptionResult result = parsed.GetResult(found)!;

        Assert.Empty(result.Errors);
        Assert.DoesNotContain(parsed.Errors, e => e.Message.Contains($"'{option}'", StringComparison.Ordinal));
        object? read = Read(parsed, found);
        Assert.NotNull(read);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Parse_OptionWithAnyText_IsReadOrAnErrorAndNoException(string program, string path, string option)
    {
        (Command root, Option found) = Find(program, path, option);
        foreach (string text in (string[])["", "no such value", "-1", "99999999999999999999", "http://", "../.."])
        {
            ParseResult parsed = root.Parse([.. Words(path), option, text]);
            if (parsed.Errors.Count == 0)
            {
                _ = Read(parsed, found);
            }
        }
    }

    [Fact]
    public void Parse_AllOptions_AreManyAndInEachProgram() =>
        Assert.All(Programs.Keys, program => Assert.NotEmpty(Commands(Programs[program](), "").SelectMany(c => OptionsOf(c.Command))));

    private static (Command Root, Option Option) Find(string program, string path, string option)
    {
        Command root = Programs[program]();
        Command command = Commands(root, "").Single(c => c.Path == path).Command;
        return (root, OptionsOf(command).Single(o => o.Name == option));
    }

    // As a command reads its own option.
    private static object? Read(ParseResult parsed, Option option)
    {
        MethodInfo read = typeof(ParseResult).GetMethods()
            .Single(m => m is { Name: "GetValue", IsGenericMethod: true }
                && m.GetParameters() is [{ ParameterType: { IsGenericType: true } type }] && type.GetGenericTypeDefinition() == typeof(Option<>));
        return read.MakeGenericMethod(option.ValueType).Invoke(parsed, [option]);
    }

    private static string? SampleOf(Option option)
    {
        if (Values.TryGetValue(option.Name, out string? known))
        {
            return known;
        }

        Type type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType.GetElementType() ?? option.ValueType;
        if (type == typeof(bool))
        {
            return null;
        }

        CompletionItem[] listed = [.. option.GetCompletions(CompletionContext.Empty)];
        return listed.Length > 0 ? listed[0].Label
            : type == typeof(string) ? "text"
            : type == typeof(FileInfo) ? RepositoryRoot.Combine("Relay.sln")
            : type == typeof(DirectoryInfo) ? RepositoryRoot.FullPath
            : type == typeof(TimeSpan) ? "01:00:00"
            : type == typeof(Uri) ? "https://localhost:1"
            : type.IsEnum ? Enum.GetNames(type)[0]
            : string.Create(CultureInfo.InvariantCulture, $"{5}");
    }

    private static IEnumerable<Option> OptionsOf(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(p => p.Options.Where(o => o.Recursive)))
            .Where(o => o is not (HelpOption or VersionOption));

    private static string[] Words(string path) => path.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<(string Path, Command Command)> Commands(Command command, string path) =>
        [(path, command), .. command.Subcommands.SelectMany(child => Commands(child, $"{path} {child.Name}".Trim()))];
}
