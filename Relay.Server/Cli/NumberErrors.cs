using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Relay.Server.Cli;

/// <summary>Says of a text that is no number what its argument or option takes. The parser's own error names a type of .NET.</summary>
internal static class NumberErrors
{
    private const string Whole = "a whole number";

    private delegate bool IsTaken(string text);

    /// <summary>For a command and all below it. What has bounds reads its number itself (<see cref="NumberOption"/>).</summary>
    public static T AddTo<T>(T command)
        where T : Command
    {
        foreach (Argument argument in command.Arguments)
        {
            if (FindRule(argument) is var (takes, isTaken))
            {
                argument.Validators.Add(result => Check(result, $"<{argument.Name}>", takes, isTaken));
            }
        }

        foreach (Option option in command.Options)
        {
            if (FindRule(option) is var (takes, isTaken))
            {
                option.Validators.Add(result => Check(result, option.Name, takes, isTaken));
            }
        }

        foreach (Command child in command.Subcommands)
        {
            AddTo(child);
        }

        return command;
    }

    private static (string Takes, IsTaken IsTaken)? FindRule(Symbol symbol) => symbol switch
    {
        Option<int> { CustomParser: null } or Option<int?> { CustomParser: null }
            or Argument<int> { CustomParser: null } or Argument<int?> { CustomParser: null } =>
            ($"{Whole} up to {int.MaxValue}", text => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)),
        Option<long?> { CustomParser: null }
            or Argument<long> { CustomParser: null } or Argument<long?> { CustomParser: null } or Argument<long[]> { CustomParser: null } =>
            (Whole, text => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)),
        Option<double?> { CustomParser: null } =>
            ("a number", text => double.TryParse(text, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)),
        _ => null,
    };

    private static void Check(SymbolResult result, string name, string takes, IsTaken isTaken)
    {
        if (result.Tokens.FirstOrDefault(token => !isTaken(token.Value)) is { } wrong)
        {
            result.AddError($"{name} takes {takes}, not '{wrong.Value}'.");
        }
    }
}
