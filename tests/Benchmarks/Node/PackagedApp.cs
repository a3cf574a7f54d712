using System.Diagnostics;
using System.Text;
using Relay.TestKit;

namespace Benchmarks.Node;

/// <summary>The packages of a node, packed into a folder, and a web app outside of the checkout that takes them from it.</summary>
internal sealed class PackagedApp : IDisposable
{
    // Prints its first answer, and ends when its input does.
    private const string Program = """
        using Sync.Client;

        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.ClearProviders();
        builder.Services.AddRelaySync(builder.Configuration.GetSection("Relay"));
        var app = builder.Build();
        await app.StartAsync();
        var node = app.Services.GetRequiredService<SyncClient>();
        await node.WaitUntilReadyAsync();
        Console.WriteLine(node.Models.Single().Predict(new float[] { 95, 10 }, new[] { "tcp" }).Label);
        Console.ReadLine();
        """;

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk.Web">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <UseAppHost>false</UseAppHost>
          </PropertyGroup>
          <ItemGroup><PackageReference Include="Relay.Sync.Client" Version="*-*" /></ItemGroup>
        </Project>
        """;

    private static readonly string[] Beside = ["Relay.Sync.Client.OnnxRuntime.", "Relay.Sync.Client.AspNetCore."];

    private readonly TemporaryFolder _folder = new();

    /// <summary>The packages that an app with <c>Relay.Sync.Client</c> gets of ours.</summary>
    public IReadOnlyList<FileInfo> Packages =>
        [.. new DirectoryInfo(_folder.Combine("feed")).GetFiles("*.nupkg").Where(file => !Beside.Any(file.Name.StartsWith))];

    public static async Task<PackagedApp> PackAsync()
    {
        PackagedApp app = new();
        await RunAsync(
            RepositoryRoot.FullPath, null,
            "pack", "Packages.slnf", "-c", "Release", "-o", app._folder.Combine("feed"), "--nologo", "-v", "quiet", "-nodeReuse:false");
        return app;
    }

    public async Task PublishAsync()
    {
        string app = Directory.CreateDirectory(_folder.Combine("app")).FullName;
        string machine = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await File.WriteAllTextAsync(Path.Combine(app, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="relay" value="{_folder.Combine("feed")}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{machine}" /></fallbackPackageFolders>
            </configuration>
            """);
        await File.WriteAllTextAsync(Path.Combine(app, "App.csproj"), Project);
        await File.WriteAllTextAsync(Path.Combine(app, "Program.cs"), Program);

        // An empty folder of packages: none of an earlier build is taken.
        await RunAsync(
            app, _folder.Combine("unpacked"), "publish", "-c", "Release", "-o", "out", "--nologo", "-nodeReuse:false",
            "-p:UseSharedCompilation=false");
    }

    /// <summary>Starts the app as a node of a relay, with its default options.</summary>
    public Process Start(TestRelay relay)
    {
        string folder = _folder.Combine("app/out");
        return Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(folder, "App.dll"), "--urls", "http://127.0.0.1:0", $"--Relay:Relay={relay.Address}",
                $"--Relay:TrustedRoot={_folder.Combine("root.json")}", $"--Relay:TlsRoot={_folder.Combine("ca.pem")}",
                $"--Relay:StoreFolder={_folder.Combine("store")}", "--Relay:NodeId=bench", $"--Relay:Models:0={SmallModel.Name}",
                "--Relay:Budgets:TryOutLatency=00:00:05",
            ])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>Copies what nodes of a relay start from, which is read when the relay is gone.</summary>
    public void Install(TestRelay relay)
    {
        File.Copy(relay.TrustedRoot, _folder.Combine("root.json"));
        File.Copy(relay.CertificateAuthority, _folder.Combine("ca.pem"));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task RunAsync(string folder, string? packages, params string[] arguments)
    {
        CommandRun run = (await CommandRun.TryAsync(
            "dotnet", arguments, folder, packages is null ? null : new Dictionary<string, string> { ["NUGET_PACKAGES"] = packages }))!;
        if (run.ExitCode != 0)
        {
            throw new InvalidOperationException(run.Errors + Encoding.UTF8.GetString(run.Output));
        }
    }
}
