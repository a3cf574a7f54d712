using System.CommandLine;
using Relay.Server.Training;
using Relay.Training.Gates;
using Shared.Contracts;
using Shared.Contracts.Models;

namespace Relay.Server.Cli;

/// <summary>The options --accept and --reason: gates that a person accepts although they fail.</summary>
internal sealed class AcceptOptions(string description)
{
    private readonly Option<string[]> _gates = new("--accept") { Description = description, HelpName = "gate", DefaultValueFactory = _ => [] };

    private readonly Option<string[]> _reasons = new("--reason")
    {
        Description = "Why: one for all gates, or one for each in their order. It is signed with the version, for all to read.",
        HelpName = "text",
        DefaultValueFactory = _ => [],
    };

    public void AddTo(Command command)
    {
        command.Add(_gates);
        command.Add(_reasons);
    }

    /// <returns>Null where no gate is accepted.</returns>
    /// <exception cref="CommandException">A gate without a reason, or one that cannot be accepted.</exception>
    public IReadOnlyList<GateAcceptance>? Read(ParseResult parsed)
    {
        string[] gates = parsed.GetValue(_gates)!;
        string[] reasons = parsed.GetValue(_reasons)!;
        if (gates.Length == 0 && reasons.Length == 0)
        {
            return null;
        }

        IReadOnlyList<GateAcceptance> accepted = AcceptanceValidator.Pair(gates, reasons) ?? throw new CommandException(
            $"{gates.Length} --accept and {reasons.Length} --reason: give one reason for all gates, or one for each");
        if (gates.CountBy(gate => gate, StringComparer.Ordinal).FirstOrDefault(gate => gate.Value > 1).Key is { } twice)
        {
            throw new CommandException(DisplayText.Format($"--accept {twice} is set twice: set it once, with its reason"));
        }

        return accepted.Select(a => GateAcceptances.FindError(a.Gate, a.Reason)).OfType<string>().FirstOrDefault() is { } error
            ? throw new CommandException(DisplayText.Escape(error))
            : accepted;
    }
}
