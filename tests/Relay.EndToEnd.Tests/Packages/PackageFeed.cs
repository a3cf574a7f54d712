using System.Text;
using System.Text.RegularExpressions;
using Relay.TestKit;

namespace Relay.EndToEnd.Tests.Packages;

/// <summary>The packages of a node, packed from what was built, in a folder; and apps outside of the checkout that take them from it.</summary>
public sealed partial class PackageFeed : IAsyncLifetime
{
    /// <summary>Of the tests that share the feed.</summary>
    public const string Collection = "packages of a node";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Bytes of each package, by its id.</summary>
    public IReadOnlyDictionary<string, long> Bytes { get; private set; } = new Dictionary<string, long>();

    /// <summary>Where the apps unpack the packages of Relay: a folder that was empty, so that none of an earlier run is taken.</summary>
    public string Unpacked => _folder.Combine("unpacked");

    public string Version { get; private set; } = "";

    public string Package(string id) => _folder.Combine($"feed/{id}.{Version}.nupkg");

    public async ValueTask InitializeAsync()
    {
        // As this assembly was built, so were they: the project refers to them for each framework.
        string configuration = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(AppContext.BaseDirectory + "..")!)!);
        string feed = _folder.Combine("feed");
        CommandRun packed = await DotnetAsync(
            RepositoryRoot.FullPath,
            "pack", "Packages.slnf", "-c", configuration, "--no-build", "-o", feed, "--nologo", "-v", "quiet", "-nodeReuse:false");
        Assert.True(packed.ExitCode == 0, Text(packed));
        (string Id, string Version, long Bytes)[] all = [.. new DirectoryInfo(feed).EnumerateFiles("*.nupkg")
            .Select(file => (FileName().Match(file.Name), file.Length)).Select(f => (f.Item1.Groups[1].Value, f.Item1.Groups[2].Value, f.Length))];
        Version = Assert.Single(all.Select(p => p.Version).Distinct());
        Bytes = all.ToDictionary(p => p.Id, p => p.Bytes);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A web project with one of the packages.</summary>
    public static string WebProject(string package) => $"""
        <Project Sdk="Microsoft.NET.Sdk.Web">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <UseAppHost>false</UseAppHost>
          </PropertyGroup>
          <ItemGroup><PackageReference Include="{package}" Version="VERSION" /></ItemGroup>
        </Project>
        """;

    /// <summary>Publishes an app of one file and one project, and fails where that warns.</summary>
    /// <param name="project">With <c>VERSION</c> for that of the packages.</param>
    /// <returns>The folder with the published app.</returns>
    public async Task<string> PublishAsync(string name, string project, string program, params string[] options)
    {
        string app = Directory.CreateDirectory(_folder.Combine(name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(app, "nuget.config"), NugetConfig(), Cancel);
        await File.WriteAllTextAsync(Path.Combine(app, "App.csproj"), project.Replace("VERSION", Version, StringComparison.Ordinal), Cancel);
        await File.WriteAllTextAsync(Path.Combine(app, "Program.cs"), program, Cancel);
        CommandRun published = await DotnetAsync(
            app,
            [
                "publish", "-c", "Release", "-o", "out", "--nologo", "-warnaserror", "-nodeReuse:false", "-p:UseSharedCompilation=false",
                .. options,
            ]);
        Assert.True(published.ExitCode == 0, Text(published));
        Assert.DoesNotContain("warning", Encoding.UTF8.GetString(published.Output), StringComparison.OrdinalIgnoreCase);
        return Path.Combine(app, "out");
    }

    /// <summary>All that a command wrote.</summary>
    public static string Text(CommandRun run) => run.Errors + Encoding.UTF8.GetString(run.Output);

    // Packages of others are taken from where the machine has them already.
    private string NugetConfig() => $"""
        <configuration>
          <packageSources><add key="relay" value="{_folder.Combine("feed")}" /></packageSources>
          <fallbackPackageFolders><add key="machine" value="{MachinePackages()}" /></fallbackPackageFolders>
        </configuration>
        """;

    private static string MachinePackages() => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private async Task<CommandRun> DotnetAsync(string folder, params string[] arguments) => (await CommandRun.TryAsync(
        "dotnet", arguments, folder,
        folder == RepositoryRoot.FullPath ? null : new Dictionary<string, string> { ["NUGET_PACKAGES"] = Unpacked }))!;

    [GeneratedRegex(@"^(.+?)\.(\d+\.\d.*)\.nupkg$")]
    private static partial Regex FileName();
}
