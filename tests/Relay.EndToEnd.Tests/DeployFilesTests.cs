using System.Text;
using System.Text.RegularExpressions;
using Relay.Server.Cli;
using Relay.Server.Cli.Configuration;
using Relay.TestKit;

namespace Relay.EndToEnd.Tests;

/// <summary>The files of <c>deploy</c>, as an operator uses them.</summary>
public sealed partial class DeployFilesTests
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("RELAY_TEST_LONG") is "1";

    [Fact]
    public void Variables_OfDeployFiles_AreSettings()
    {
        IEnumerable<string> files = Directory.EnumerateFiles(RepositoryRoot.Combine("deploy"), "*", SearchOption.AllDirectories)
            .Append(RepositoryRoot.Combine("docker-compose.yml"));
        HashSet<string> settings = [.. new ServeOptions().Settings.Select(option => Setting.VariableFor(option.Name)), "RELAY__CONFIG"];

        string[] named = [.. files.SelectMany(file => Variable().Matches(File.ReadAllText(file))).Select(match => match.Value).Distinct()];

        Assert.Contains("RELAY__DATA", named);
        Assert.DoesNotContain(named, name => !settings.Contains(name));
    }

    /// <summary>Compose would make a folder of the name of a file that is missing.</summary>
    [Fact]
    public void ComposeFiles_NameFilesThatAreThereOrThatTheReadmeMakes()
    {
        string readme = File.ReadAllText(RepositoryRoot.Combine("deploy", "README.md"));
        string[] named =
        [
            .. new[] { "docker-compose.yml", "deploy/compose/scaled-out.yml" }
                .SelectMany(file => HostPath().Matches(File.ReadAllText(RepositoryRoot.Combine(file))))
                .Select(match => match.Groups["path"].Value),
        ];

        Assert.Contains("deploy/nginx-relay.conf", named);
        Assert.All(named, path => Assert.True(
            path.StartsWith("deploy/compose/secrets/", StringComparison.Ordinal)
                ? readme.Contains(Path.GetFileName(path), StringComparison.Ordinal)
                : File.Exists(RepositoryRoot.Combine(path)),
            path));

        // What the command of nginx replaces.
        Assert.Contains("server 127.0.0.1:60002;", File.ReadAllText(RepositoryRoot.Combine("deploy", "nginx-relay.conf")), StringComparison.Ordinal);
    }

    /// <summary>Each object has a kind, a name and the namespace, each program no rights, and what answers has probes.</summary>
    [Theory]
    [InlineData("relay.yaml", 1, 1)]
    [InlineData("replicas.yaml", 2, 1)]
    public void KubernetesFiles_AreWholeAndClosed(string file, int programs, int answering)
    {
        string text = File.ReadAllText(RepositoryRoot.Combine("deploy", "kubernetes", file));
        string[] objects = text.Split("\n---\n");

        Assert.All(objects, one => Assert.Matches(@"(?m)^apiVersion: \S+\nkind: \w+\nmetadata:\n  name: [a-z-]+$", one));
        Assert.All(objects, one => Assert.True(
            one.Contains("\n  namespace: relay\n", StringComparison.Ordinal) || one.Contains("kind: Namespace", StringComparison.Ordinal), one));
        foreach (string closed in (string[])[
            "runAsNonRoot: true", "allowPrivilegeEscalation: false", "readOnlyRootFilesystem: true", """drop: ["ALL"]""", "limits: { memory:",
            "seccompProfile: { type: RuntimeDefault }", "automountServiceAccountToken: false\n      enableServiceLinks: false"])
        {
            Assert.Equal(programs, text.Split(closed).Length - 1);
        }

        foreach (string probe in (string[])["startupProbe:", "livenessProbe:", "readinessProbe:"])
        {
            Assert.Equal(answering, text.Split(probe).Length - 1);
        }
    }

    /// <summary>What systemd itself says of the units: nothing is misspelt, and they are as closed as its best services.</summary>
    [Fact]
    public async Task SystemdUnits_AreSoundAndHardened()
    {
        string folder = RepositoryRoot.Combine("deploy", "systemd");
        if (await CommandRun.TryAsync("systemd-analyze", ["verify", .. Directory.EnumerateFiles(folder).Order()]) is not { } verified)
        {
            Assert.Skip("systemd-analyze is not on this machine");
            return;
        }

        // The program is not installed here.
        Assert.DoesNotContain(
            verified.Errors.Split('\n'), line => line.Length > 0 && !line.Contains("/opt/relay/Relay.Server", StringComparison.Ordinal)
                && !line.Contains("/opt/relay-node/relay-node", StringComparison.Ordinal));
        foreach (string unit in (string[])["relay.service", "relay-node.service"])
        {
            CommandRun security = (await CommandRun.TryAsync(
                "systemd-analyze", ["security", "--offline=yes", "--threshold=20", Path.Combine(folder, unit)]))!;
            Assert.True(security.ExitCode == 0, Encoding.UTF8.GetString(security.Output) + security.Errors);
        }
    }

    /// <summary>A backup without the settings of its relay would not find the database that they name.</summary>
    [Fact]
    public void SystemdUnits_ThatRunTheRelay_ReadTheSameSettings()
    {
        string[][] units = [.. Directory.EnumerateFiles(RepositoryRoot.Combine("deploy", "systemd"), "*.service").Select(File.ReadAllLines)
            .Where(unit => unit.Any(line => line.Contains("/opt/relay/Relay.Server", StringComparison.Ordinal)))];

        Assert.Equal(2, units.Length);
        Assert.All(units, unit => Assert.Equal(
            ["ConfigurationDirectory=relay", "Environment=RELAY__DATA=/var/lib/relay", "WorkingDirectory=/etc/relay"],
            unit.Where(line => line.StartsWith("ConfigurationDirectory=", StringComparison.Ordinal)
                || line.StartsWith("Environment=RELAY", StringComparison.Ordinal)
                || line.StartsWith("WorkingDirectory=", StringComparison.Ordinal)).Order(StringComparer.Ordinal)));
    }

    /// <summary>The unit starts relay-node with options that it has, and the watchdog that it feeds.</summary>
    [Fact]
    public void SystemdUnit_OfTheNode_StartsServeUnderAWatchdog()
    {
        string[] unit = File.ReadAllLines(RepositoryRoot.Combine("deploy", "systemd", "relay-node.service"));

        string command = unit.Single(line => line.StartsWith("ExecStart=/opt/relay-node/relay-node ", StringComparison.Ordinal));
        string options = unit.Single(line => line.StartsWith('#') && line.Contains("OPTIONS=", StringComparison.Ordinal)).Split("OPTIONS=")[1];
        string words = command.Split("/relay-node/relay-node ")[1].Replace("$OPTIONS", options, StringComparison.Ordinal);
        Assert.Empty(Sync.Node.NodeCommandLine.Create().Parse(words).Errors);
        Assert.Contains("Type=notify", unit);
        Assert.Contains(unit, line => line.StartsWith("WatchdogSec=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Images_Built_StartWithoutRightsTrainAnswerAndEnd()
    {
        Assert.SkipUnless(IsLong, "runs under ./test --long");

        Assert.Contains("read-only root, healthy", await BuildAndCheckAsync("relay"), StringComparison.Ordinal);
        Assert.Contains("read-only root, ready", await BuildAndCheckAsync("relay-node"), StringComparison.Ordinal);
    }

    private static async Task<string> BuildAndCheckAsync(string program)
    {
        string output = "";
        foreach (string script in (string[])["build", "check"])
        {
            CommandRun run = (await CommandRun.TryAsync(RepositoryRoot.Combine("deploy", "image", script), ["--program", program]))!;
            Assert.True(run.ExitCode == 0, run.Errors);
            output = Encoding.UTF8.GetString(run.Output);
        }

        return output;
    }

    [GeneratedRegex(@"\./(?<path>deploy/[A-Za-z0-9./-]+)")]
    private static partial Regex HostPath();

    [GeneratedRegex("RELAY__[A-Z_]+")]
    private static partial Regex Variable();
}
