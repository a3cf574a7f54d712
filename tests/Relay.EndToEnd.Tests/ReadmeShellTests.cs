using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Relay.Server.Cli;
using Relay.TestKit;
using Relay.TestKit.Trust;

namespace Relay.EndToEnd.Tests;

/// <summary>The blocks of README and guides that are marked <c>bash</c>, line by line and in order, in an empty folder beside the scripts:
/// only addresses and folders are others.</summary>
public sealed partial class ReadmeShellTests : IDisposable
{
    private const string DefaultPort = "60002";

    /// <summary>An answer of 400 or more ends curl with an error, as a reader would take it.</summary>
    private static readonly string Prelude =
        $$"""
        curl() { command curl --fail-with-body --silent --show-error "$@"; echo; }
        relay-node() { dotnet "{{Path.Combine(AppContext.BaseDirectory, "relay-node.dll")}}" "$@"; }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly string _port = LocalPort.FindFree().ToString(CultureInfo.InvariantCulture);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadmeAndGuides_ShellLines_RunInOrder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the lines are those of a Unix shell");
        Assert.SkipUnless(await CommandRun.TryAsync("bash", ["--version"]) is not null, "bash is missing");
        Assert.SkipUnless(await CommandRun.TryAsync("curl", ["--version"]) is not null, "curl is missing");
        Assert.SkipUnless(await OpenSsl.IsInstalledAsync(), "openssl is missing");
        string[] lines = Lines("README.md");
        Assert.StartsWith("./relay serve ", lines[0], StringComparison.Ordinal);
        PrepareFolder();

        using Process relay = Process.Start(new ProcessStartInfo("bash", ["-c", $"exec {lines[0]}"])
        {
            WorkingDirectory = _folder.FullPath,
            RedirectStandardOutput = true,
        })!;
        try
        {
            await File.WriteAllTextAsync(_folder.Combine("key"), await ReadAdminKeyAsync(relay.StandardOutput) + "\n", Cancel);
            string[] script =
            [
                Prelude, .. lines[1..], "cp .relay/trust/root.json .relay/tls/ca.pem .      # what an operator sends",
                .. Lines("docs/guides/operations.md"), .. Lines("docs/guides/copies.md"),
            ];
            await File.WriteAllLinesAsync(_folder.Combine("readme.sh"), script, Cancel);
            CommandRun run = (await CommandRun.TryAsync("bash", ["-c", "bash -euo pipefail readme.sh < key 2>&1"], _folder.FullPath))!;

            string output = Encoding.UTF8.GetString(run.Output);
            Assert.True(run.ExitCode == 0, output);
            Assert.Contains("threat-classifier version 1", output, StringComparison.Ordinal);
            Assert.Contains("\"release\":2,\"models\":[{\"name\":\"threat-classifier\",\"version\":2}]", output, StringComparison.Ordinal);
            Assert.True(
                output.LastIndexOf("\"release\":1,\"models\":[{\"name\":\"threat-classifier\",\"version\":1}]", StringComparison.Ordinal)
                > output.LastIndexOf("\"release\":2,", StringComparison.Ordinal), output);
            Assert.True(File.Exists(_folder.Combine("www/relay/metadata/timestamp.json")), "the mirror has a timestamp");
            Assert.True(File.Exists(_folder.Combine("model.onnx.p7s")), "the signature lies beside the model");
        }
        finally
        {
            relay.Kill();
            await relay.WaitForExitAsync(CancellationToken.None);
        }
    }

    public void Dispose() => _folder.Dispose();

    private string[] Lines(string document) =>
    [
        .. BashBlock().Matches(File.ReadAllText(RepositoryRoot.Combine(document)))
            .SelectMany(block => block.Groups[1].Value.Split('\n'))
            .Select(line => line.Replace(DefaultPort, _port, StringComparison.Ordinal))
            .Select(line => line.Replace("https://relay:", "https://localhost:", StringComparison.Ordinal))
            .Select(line => line.Replace("/srv", _folder.FullPath, StringComparison.Ordinal)),
    ];

    // ./relay is the real script, behind one that adds the port; it finds the build that this test runs with.
    private void PrepareFolder()
    {
        string build = Path.GetDirectoryName(typeof(RelayApi).Assembly.Location)!;
        Directory.CreateDirectory(_folder.Combine("checkout/Relay.Server/bin/Release"));
        Directory.CreateSymbolicLink(_folder.Combine("checkout/Relay.Server/bin/Release/net10.0"), build);
        Directory.CreateSymbolicLink(_folder.Combine("deploy"), RepositoryRoot.Combine("deploy"));
        File.Copy(RepositoryRoot.Combine("relay"), _folder.Combine("checkout/relay"));
        File.WriteAllText(
            _folder.Combine("relay"),
            $"""
            #!/usr/bin/env bash
            case $1 in
              serve) exec checkout/relay "$@" --address 127.0.0.1 --port {_port} ;;
              train|publish|status|enroll-token) exec checkout/relay "$@" --relay https://localhost:{_port} ;;
              *) exec checkout/relay "$@" ;;
            esac

            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.Combine("relay"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static async Task<string> ReadAdminKeyAsync(StreamReader output)
    {
        string key = "";
        while (await output.ReadLineAsync(Cancel) is { } line)
        {
            if (line.StartsWith("Admin key", StringComparison.Ordinal))
            {
                key = line[(line.LastIndexOf(' ') + 1)..];
            }

            if (line.StartsWith("Nodes start", StringComparison.Ordinal))
            {
                // An unread pipe fills up and would stop the process at a line of its log.
                _ = output.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return key;
            }
        }

        throw new InvalidOperationException("the relay did not start");
    }

    [GeneratedRegex("```bash\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex BashBlock();
}
