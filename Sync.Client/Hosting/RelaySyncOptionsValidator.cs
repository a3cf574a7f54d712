using Microsoft.Extensions.Options;
using Shared.Contracts;
using Sync.Client.Identity;
using Sync.Client.Transport;
using Sync.Client.Updates;
using Sync.Client.Updates.Maintenance;

namespace Sync.Client.Hosting;

/// <summary>Validates the options when the host starts. Each error names the option, its value and what to write instead.</summary>
internal sealed class RelaySyncOptionsValidator : IValidateOptions<RelaySyncOptions>
{
    private const string HowToSetAuthority =
        "set it to a PEM file with the certificates to trust, or remove it to use the system's trust; the file does not exist";

    public ValidateOptionsResult Validate(string? name, RelaySyncOptions options)
    {
        string node = string.IsNullOrEmpty(name) ? "" : $"Relay '{name}': ";
        List<string> errors = [.. FindErrors(options).Select(error => node + error).Distinct(StringComparer.Ordinal)];
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> FindErrors(RelaySyncOptions o)
    {
        bool needsNoRelay = o.AirGapped || o.Mirrors.Count > 0;
        if (o.Relay is not { IsAbsoluteUri: true, Scheme: "https" } && !(o.Relay is null && needsNoRelay))
        {
            yield return $"{OptionNames.Relay} is '{o.Relay}': set it to the relay's address, such as https://relay:60002 (https only).";
        }

        foreach (Uri mirror in o.Mirrors.Where(m => m is not { IsAbsoluteUri: true, Scheme: "https" }))
        {
            yield return $"{OptionNames.Mirrors} has '{mirror}': a mirror is an address such as https://cdn.example/relay (https only).";
        }

        foreach (string host in o.RedirectHosts.Where(host => RedirectedDownloads.AuthorityOf(host) is null))
        {
            yield return $"{OptionNames.RedirectHosts} has '{host}': " +
                "a host is a name or an address, with a port where it is not 443, such as s3.example.com.";
        }

        if (o.AirGapped && (o.Relay is not null || o.Mirrors.Count > 0))
        {
            yield return $"{OptionNames.AirGapped} is true, but {OptionNames.Relay} or {OptionNames.Mirrors} is set: " +
                "remove them, or set it to false.";
        }

        if (o.MirrorTlsRoot is not null && !File.Exists(o.MirrorTlsRoot))
        {
            yield return $"{OptionNames.MirrorTlsRoot} is '{o.MirrorTlsRoot}': {HowToSetAuthority}.";
        }

        if (!File.Exists(o.TrustedRoot))
        {
            yield return $"{OptionNames.TrustedRoot} is '{o.TrustedRoot}': " +
                "set it to the root.json from the relay's operator; the file does not exist.";
        }

        if (o.TlsRoot is not null && !File.Exists(o.TlsRoot))
        {
            yield return $"{OptionNames.TlsRoot} is '{o.TlsRoot}': {HowToSetAuthority}.";
        }

        if (o.EnrollmentToken is not null && o.EnrollmentTokenFile is not null)
        {
            yield return $"EnrollmentToken and {OptionNames.EnrollmentTokenFile} are both set: set one of them.";
        }

        // Without the value: it is a secret.
        if (o.EnrollmentToken is { } token && !EnrollmentTokens.IsToken(token))
        {
            yield return "EnrollmentToken is no enrollment token: set it to what 'relay enroll-token' printed on the relay, " +
                "which starts with relay_enroll_.";
        }

        if (o.EnrollmentTokenFile is { } file && string.IsNullOrWhiteSpace(file))
        {
            yield return $"{OptionNames.EnrollmentTokenFile} is empty: set it to the path of a file with an enrollment token, or remove it.";
        }

        if (o.Relay is null && (o.EnrollmentToken ?? o.EnrollmentTokenFile) is not null)
        {
            yield return (o.EnrollmentTokenFile is null ? "EnrollmentToken" : OptionNames.EnrollmentTokenFile) +
                $" is set, but {OptionNames.Relay} is not: a node enrolls with its relay alone.";
        }

        if (o.Proxy is not (null or { IsAbsoluteUri: true, Scheme: "http" or "https" or "socks4" or "socks4a" or "socks5" }))
        {
            yield return $"{OptionNames.Proxy} is '{o.Proxy}': set it to the address of a proxy, such as http://proxy:3128, or remove it.";
        }

        if (o.Models.Count == 0)
        {
            yield return $"{OptionNames.Models} is empty: name each model that this node runs{Example(" by o.Models.Add(\"threat-classifier\")")}.";
        }

        foreach (string model in o.Models.Where(m => !RelayName.IsValid(m)))
        {
            yield return $"{OptionNames.Models} has '{model}': a model's name is {RelayName.Rule}.";
        }

        if (o.Models.Distinct(StringComparer.Ordinal).Count() != o.Models.Count)
        {
            yield return $"{OptionNames.Models} contains a model twice: add each once.";
        }

        foreach (string error in o.ExpectedSchemas.Select(expected => FindError(expected.Key, expected.Value)).OfType<string>())
        {
            yield return error;
        }

        foreach (string gate in o.Require.Where(g => !RelayName.IsValid(g)))
        {
            yield return $"{OptionNames.Require} has '{gate}': a gate's name is {RelayName.Rule}, as the model card shows it, such as parity.";
        }

        if (!RelayName.IsValid(o.Channel))
        {
            yield return $"{OptionNames.Channel} is '{o.Channel}': a channel's name is {RelayName.Rule}.";
        }

        if (!RelayName.IsValidNode(o.NodeId))
        {
            yield return $"{OptionNames.NodeId} is '{o.NodeId}': use {RelayName.NodeRule}.";
        }

        if (string.IsNullOrWhiteSpace(o.StoreFolder))
        {
            yield return $"{OptionNames.StoreFolder} is empty: set it to a folder that this process can write and no other process uses.";
        }

        if (!Enum.IsDefined(o.Scorer))
        {
            yield return $"Scorer is '{o.Scorer}': use Auto, Managed or OnnxRuntime.";
        }

        if (o.Scorer is ScorerChoice.OnnxRuntime && o.OnnxRuntime is null)
        {
            yield return $"Scorer is OnnxRuntime: {ScorerLoader.HowToAddOnnxRuntime}.";
        }

        if (o.PollInterval < TimeSpan.FromSeconds(0.1))
        {
            yield return $"{OptionNames.PollInterval} is {o.PollInterval}: set it to 0.1 s or more.";
        }

        if (o.UsageInterval < TimeSpan.FromSeconds(1) || o.UsageInterval > TimeSpan.FromDays(1))
        {
            yield return $"UsageInterval is {o.UsageInterval}: set it from 1 s to 1 day.";
        }

        if (o.MaintenanceWindow is { } window && MaintenanceWindow.Read(window).Refusal is { } malformed)
        {
            yield return $"{OptionNames.MaintenanceWindow}: {malformed.Detail}.";
        }

        if (o.Samples is not null && o.Relay is null)
        {
            yield return "Samples is set, but Relay is not: rows go to the datasets of a relay alone.";
        }

        if (o.Samples is { } samples
            && (samples.Fraction is not (> 0 and <= 1) || samples.MaxPending < 1 || samples.Interval < TimeSpan.FromSeconds(1)))
        {
            yield return "Samples: set Fraction above 0 and at most 1, MaxPending to 1 or more, and Interval to 1 s or more.";
        }

        RelaySyncBudgets b = o.Budgets;
        TimeSpan[] times = [b.TryOutLatency, b.TryOutTime, b.DownloadDeadline, b.SlowBodyGrace, b.RetryDelay];
        if (times.Any(t => t <= TimeSpan.Zero) || b.MinimumBytesPerSecond < 1 || b.Retries is < 0 or > 10 || b.ArtifactBytes < 1 || b.TryOutBytes < 1)
        {
            yield return $"{OptionNames.Budgets}: " +
                "set all times, MinimumBytesPerSecond, ArtifactBytes and TryOutBytes above zero, and Retries from 0 to 10.";
        }

        if (o.Shadow is { } s && (s.Calls < 1 || !(s.MaxDisagreement is >= 0 and <= 1) || !(s.ValueTolerance >= 0) || s.MaxWait <= TimeSpan.Zero))
        {
            yield return "Shadow: set Calls and MaxWait above zero, ValueTolerance to zero or more, and MaxDisagreement from 0 to 1.";
        }
    }

    private static string Example(string code) => OptionNames.AreProperties ? code : "";

    private static string? FindError(string model, ExpectedSchema expected) =>
        IsListOfNames(expected.Inputs) && IsListOfNames(expected.Classes) && (expected.Task is not { } task || Enum.IsDefined(task))
            && (expected.Hash is not { } hash || (hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower)))
            && !(expected.AnySchema && expected.NamesParts)
            ? null
            : $"AddModel(\"{model}\", ...): Inputs and Classes are lists of different names, Hash is the schemaHash of a model card (64 " +
                $"lower-case hexadecimal digits), and AnySchema stands alone.";

    private static bool IsListOfNames(IReadOnlyList<string>? names) =>
        names is null
            || (names.Count > 0 && names.All(name => !string.IsNullOrEmpty(name)) && names.Distinct(StringComparer.Ordinal).Count() == names.Count);
}
