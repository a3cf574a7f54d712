using System.CommandLine;
using System.CommandLine.Parsing;
using Relay.Server.Cli.Configuration;
using Relay.Server.Retention;

namespace Relay.Server.Cli;

/// <summary>The options that say which training runs and versions go by themselves.</summary>
internal sealed class RetentionOptions
{
    private const int MaximumDays = 36_500;
    private const int MaximumNumber = 1_000_000;

    private readonly SharedNumber _runDays = new(
        "--run-days", "How long a training run without a version is kept after its end. 0: without limit.",
        RetentionRules.DefaultRunDays, MaximumDays, "days");

    private readonly SharedNumber _keepRuns = new(
        "--keep-runs",
        "Of each model, the number of ended training runs without a version that are kept, the newest ones. 0: all.",
        0, MaximumNumber);

    private readonly SharedNumber _versionDays = new(
        "--version-days", "How long a version is kept that was never published and that nothing names. 0: without limit.", 0, MaximumDays, "days");

    private readonly SharedNumber _keepVersions = new(
        "--keep-versions",
        "Of each model, how many of the versions that were never published and that nothing names are kept, the newest ones. 0: all.",
        0, MaximumNumber);

    public IReadOnlyList<Option> Options => [_runDays, _keepRuns, _versionDays, _keepVersions];

    public RetentionRules Read(ParseResult parsed) => new()
    {
        RunDays = parsed.GetValue(_runDays),
        KeepRuns = parsed.GetValue(_keepRuns),
        VersionDays = parsed.GetValue(_versionDays),
        KeepVersions = parsed.GetValue(_keepVersions),
    };
}
