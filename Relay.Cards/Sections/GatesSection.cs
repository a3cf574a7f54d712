using Relay.Cards.Documents;
using Relay.Cards.Texts;
using Shared.Contracts.Models;

namespace Relay.Cards.Sections;

/// <summary>What each gate said.</summary>
internal static class GatesSection
{
    public static CardSection Create(ModelCard card)
    {
        if (card.Gates is not { Count: > 0 } gates)
        {
            return new CardSection("gates", "Gates", [new CardBlock.Paragraph("This version was made before there were gates.")]);
        }

        int failed = gates.Count(g => g.Verdict is GateVerdict.Fail);
        List<CardBlock> blocks =
        [
            new CardBlock.Paragraph(
                $"{gates.Count(g => g.Verdict is GateVerdict.Pass)} gates passed, {gates.Count(g => g.Verdict is GateVerdict.Warn)} warn, "
                + $"{failed} failed and {(failed == 1 ? "was" : "were")} accepted by a person, " +
                    $"{gates.Count(g => g.Verdict is GateVerdict.NotApplicable)} did not apply. "
                + "Intervals are of 95%."),
            new CardBlock.Table(
                "Figures and bounds", ["Gate", "Verdict", "Figure", "Interval", "Bound", "What was found"],
                [.. gates.Where(g => g.Verdict is not GateVerdict.NotApplicable).Select(Row)]) { AreNumbers = false },
        ];
        if (failed > 0)
        {
            blocks.Add(new CardBlock.Table(
                "Accepted although the gate failed", ["Gate", "Reason"],
                [.. gates.Where(g => g.Accepted is not null).Select(g => new[] { g.Name, g.Accepted! })])
            { AreNumbers = false });
        }

        GateResult[] others = [.. gates.Where(g => g.Verdict is GateVerdict.NotApplicable)];
        if (others.Length > 0)
        {
            blocks.Add(new CardBlock.Table(
                "Gates that did not apply", ["Gate", "Why"], [.. others.Select(g => new[] { g.Name, g.Detail })])
            { AreNumbers = false });
        }

        return new CardSection("gates", "Gates", blocks);
    }

    private static string[] Row(GateResult gate) =>
    [
        gate.Name,
        gate.Verdict switch
        {
            GateVerdict.Pass => "passed",
            GateVerdict.Warn => "warns",
            _ => gate.Accepted is null ? "FAILED" : "FAILED, accepted",
        },
        CardText.Figure(gate.Figure),
        gate.Interval is { } interval ? CardText.Interval(interval.Low, interval.High) : CardText.None,
        CardText.Figure(gate.Bound),
        gate.Detail,
    ];
}
