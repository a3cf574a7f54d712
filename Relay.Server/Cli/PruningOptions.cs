using System.CommandLine;
using System.CommandLine.Parsing;
using Relay.Server.Repository.Pruning;

namespace Relay.Server.Cli;

/// <summary>The options that say which releases stay in the signed metadata after no channel names them any more.</summary>
internal sealed class PruningOptions
{
    private readonly Option<int> _days = NumberOption.Create(
        "--listed-days",
        "How long a release stays in the signed metadata after a channel named it last, or a node ran it. 0: without limit.",
        PruningRules.DefaultDays, minimum: 0, maximum: 36_500, "days");

    private readonly Option<int> _releases = NumberOption.Create(
        "--listed-releases", "Of each channel, how many of the releases that it named last stay in the signed metadata in any case.",
        PruningRules.DefaultReleases, minimum: 1, PruningRules.MaximumReleases);

    public IReadOnlyList<Option> Options => [_days, _releases];

    public PruningRules Read(ParseResult parsed) => new() { Days = parsed.GetValue(_days), Releases = parsed.GetValue(_releases) };
}
