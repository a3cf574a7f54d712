using System.Formats.Tar;
using System.Text;
using Relay.TestKit;

namespace Relay.EndToEnd.Tests.Compatibility;

/// <summary>Version 0.1, built from the history of this checkout: its relay, and a node that updates once and says what it runs.</summary>
public sealed class OldVersion : IAsyncLifetime
{
    /// <summary>The oldest version that counts.</summary>
    private const string Commit = "f62b0050652cdd85eceefbc18ea871e3f0874a17";

    private const string NodeProject = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>
          <ItemGroup><FrameworkReference Include="Microsoft.AspNetCore.App" /></ItemGroup>
          <ItemGroup><ProjectReference Include="../../Sync.Client/Sync.Client.csproj" /></ItemGroup>
        </Project>
        """;

    private const string NodeProgram = """
        using Microsoft.Extensions.Logging.Abstractions;
        using Sync.Client;

        RelaySyncOptions options = new()
        {
            Relay = new(args[0]), TlsRoot = args[1], TrustedRoot = args[2], StoreFolder = args[3], NodeId = "node-0.1", Models = { args[4] },
        };
        using SyncClient node = new(options, TimeProvider.System, NullLogger<SyncClient>.Instance);
        await node.RestoreAsync();
        RefreshResult result = await node.RefreshAsync();
        Console.WriteLine($"version {(node.Models.Single().IsReady ? node.Models.Single().Active.Version : 0)}, refused {result.Refusal?.Reason}");
        """;

    private readonly TemporaryFolder _folder = new();

    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("RELAY_TEST_LONG") is "1";

    /// <summary>Why there is no old version here; null where there is one.</summary>
    public string? Missing { get; private set; } = "version 0.1 is built and run; that runs under ./test --long";

    public string Relay => _folder.Combine("relay/Relay.Server.dll");

    public string Node => _folder.Combine("node/OldNode.dll");

    public async ValueTask InitializeAsync()
    {
        if (IsLong)
        {
            Missing = await BuildAsync();
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string?> BuildAsync()
    {
        CommandRun? archive = await CommandRun.TryAsync("git", ["archive", "--format=tar", Commit], RepositoryRoot.FullPath);
        if (archive is not { ExitCode: 0 })
        {
            return "the history of this checkout does not have version 0.1";
        }

        string source = Directory.CreateDirectory(_folder.Combine("source")).FullName;
        using (MemoryStream tar = new(archive.Output))
        {
            await TarFile.ExtractToDirectoryAsync(tar, source, overwriteFiles: false);
        }

        string node = Directory.CreateDirectory(Path.Combine(source, "samples", "OldNode")).FullName;
        await File.WriteAllTextAsync(Path.Combine(node, "OldNode.csproj"), NodeProject);
        await File.WriteAllTextAsync(Path.Combine(node, "Program.cs"), NodeProgram);
        await BuildAsync(source, "Relay.Server", "relay");
        await BuildAsync(source, "samples/OldNode", "node");
        return null;
    }

    private async Task BuildAsync(string source, string project, string to)
    {
        CommandRun? build = await CommandRun.TryAsync(
            "dotnet", ["build", project, "-c", "Release", "--nologo", "-v", "quiet", "-o", _folder.Combine(to)], source);
        Assert.True(build is { ExitCode: 0 }, $"{project} of version 0.1 does not build: {Encoding.UTF8.GetString(build?.Output ?? [])}");
    }
}
