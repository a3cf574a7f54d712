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
        ["--listen"] = "http://127.0.0.1:8000",
        ["--listen-grpc"] = "http://127.0.0.1:8001",
        ["--tsa"] = "https://tsa.example/",
        ["--at"] = "2026-01-31T12:00:00Z",
        ["--since"] = "2026-01-31T12:00:00Z",
        ["--until"] = "2026-01-31T12:00:00Z",
        ["--seen-since"] = "2026-01-31T12:00:00Z",
        ["--not-seen-since"] = "2026-01-31T12:00:00Z",
        ["--minimum-rows"] = "100",
    };

    private static readonly string[] WrongTexts = ["", "no such value", "-1", "99999999999999999999", "http://", "../.."];

    public static TheoryData<string, string> CommandsWithArguments
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach ((string program, Func<Command> create) in Programs)
            {
                foreach ((string path, Command command) in Commands(create(), "").Where(c => c.Command.Arguments.Count > 0))
                {
                    all.Add(program, path);
                }
            }

            return all;
        }
    }

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
        string? value = SampleOf(found.Name, found.ValueType, found.GetCompletions);

        ParseResult parsed = root.Parse([.. Words(path), option, .. value is null ? [] : new[] { value }]);
        OptionResult result = parsed.GetResult(found)!;

        Assert.Empty(result.Errors);
        Assert.DoesNotContain(parsed.Errors, e => e.Message.Contains($"'{option}'", StringComparison.Ordinal));
        Assert.NotNull(Read(parsed, found, found.ValueType));
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Parse_OptionWithAnyText_IsReadOrAnErrorAndNoException(string program, string path, string option)
    {
        (Command root, Option found) = Find(program, path, option);
        foreach (string text in WrongTexts)
        {
            ParseResult parsed = root.Parse([.. Words(path), option, text]);
            if (parsed.Errors.Count == 0)
            {
                _ = Read(parsed, found, found.ValueType);
            }
        }
    }

    [Theory]
    [MemberData(nameof(CommandsWithArguments))]
    public void Parse_ArgumentsWithValuesThatTheyTake_AreRead(string program, string path)
    {
        (Command root, Command command) = Find(program, path);

        ParseResult parsed = root.Parse([.. Words(path), .. command.Arguments.Select(a => SampleOf(a.Name, a.ValueType, a.GetCompletions)!)]);

        Assert.All(command.Arguments, argument =>
        {
            Assert.Empty(parsed.GetResult(argument)!.Errors);
            Assert.NotNull(Read(parsed, argument, argument.ValueType));
        });
    }

    [Theory]
    [MemberData(nameof(CommandsWithArguments))]
    public void Parse_ArgumentsWithAnyText_AreReadOrAnErrorAndNoException(string program, string path)
    {
        (Command root, Command command) = Find(program, path);
        foreach (string text in WrongTexts)
        {
            ParseResult parsed = root.Parse([.. Words(path), .. command.Arguments.Select(_ => text)]);
            foreach (Argument argument in parsed.Errors.Count == 0 ? command.Arguments : [])
            {
                _ = Read(parsed, argument, argument.ValueType);
            }
        }
    }

    [Fact]
    public void Parse_AllOptions_AreManyAndInEachProgram() =>
        Assert.All(Programs.Keys, program => Assert.NotEmpty(Commands(Programs[program](), "").SelectMany(c => OptionsOf(c.Command))));

    private static (Command Root, Command Command) Find(string program, string path)
    {
        Command root = Programs[program]();
        return (root, Commands(root, "").Single(c => c.Path == path).Command);
    }

    private static (Command Root, Option Option) Find(string program, string path, string option)
    {
        (Command root, Command command) = Find(program, path);
        return (root, OptionsOf(command).Single(o => o.Name == option));
    }

    // As a command reads its own option or argument.
    private static object? Read(ParseResult parsed, Symbol symbol, Type valueType)
    {
        Type kind = symbol is Option ? typeof(Option<>) : typeof(Argument<>);
        MethodInfo read = typeof(ParseResult).GetMethods()
            .Single(m => m is { Name: "GetValue", IsGenericMethod: true }
                && m.GetParameters() is [{ ParameterType: { IsGenericType: true } type }] && type.GetGenericTypeDefinition() == kind);
        return read.MakeGenericMethod(valueType).Invoke(parsed, [symbol]);
    }

    private static string? SampleOf(string name, Type valueType, Func<CompletionContext, IEnumerable<CompletionItem>> completions)
    {
        if (Values.TryGetValue(name, out string? known))
        {
            return known;
        }

        Type type = Nullable.GetUnderlyingType(valueType) ?? valueType.GetElementType() ?? valueType;
        if (type == typeof(bool))
        {
            return null;
        }

        CompletionItem[] listed = [.. completions(CompletionContext.Empty)];
        return listed.Length > 0 ? listed[0].Label
            : type == typeof(string) ? "text"
            : type == typeof(FileInfo) ? RepositoryRoot.Combine("Relay.sln")
            : type == typeof(DirectoryInfo) ? RepositoryRoot.FullPath
            : type == typeof(TimeSpan) ? "01:00:00"
            : type == typeof(DateTimeOffset) ? "2026-01-31T12:00:00Z"
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
