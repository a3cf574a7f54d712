using System.Text;
using Relay.TestKit;

namespace Sync.Native.Tests.Library;

/// <summary>The library as <c>build/native</c> makes it: once for all tests of this process, since it takes most of a minute.</summary>
internal sealed class BuiltLibrary
{
    private static readonly Lazy<Task<BuiltLibrary>> Built = new(BuildAsync);
    private static readonly TemporaryFolder Temporary = new();

    private BuiltLibrary()
    {
    }

    /// <summary>A folder that <c>build/native</c> made before; null to make one.</summary>
    private static readonly string? Given = System.Environment.GetEnvironmentVariable("RELAY_NATIVE_FOLDER");

    public static string Folder => Given ?? Temporary.Combine("native");

    public static string SharedObject => Path.Combine(Folder, "lib", "librelaysync.so.1");

    /// <summary>What programs need to find the library.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["LD_LIBRARY_PATH"] = Path.Combine(Folder, "lib"),
        ["PKG_CONFIG_PATH"] = Path.Combine(Folder, "lib", "pkgconfig"),
        ["PYTHONPATH"] = RepositoryRoot.Combine("samples", "native", "python"),
        ["PYTHONDONTWRITEBYTECODE"] = "1",
        ["CGO_ENABLED"] = "1",
        ["GOFLAGS"] = "-mod=mod",
        ["GOPATH"] = Temporary.Combine("go"),
        ["GOCACHE"] = Temporary.Combine("go-cache"),
    };

    /// <summary>Skips the test where it is not asked for, and else builds the library where no test has.</summary>
    public static Task RequireAsync()
    {
        Assert.SkipUnless(System.Environment.GetEnvironmentVariable("RELAY_TEST_LONG") == "1", "runs under ./test --long");
        return Built.Value;
    }

    /// <summary>Runs a command that must succeed, and gives its output.</summary>
    public static async Task<string> RunAsync(string command, IEnumerable<string> arguments, string? folder = null)
    {
        CommandRun run = await CommandRun.TryAsync(command, arguments, folder, Environment)
            ?? throw new InvalidOperationException($"there is no command '{command}': ./test --long installs it");
        string output = Encoding.UTF8.GetString(run.Output);
        Assert.True(run.ExitCode == 0, $"{command}: {run.Errors}{output}");
        return output;
    }

    /// <summary>Compiles a C program against the library, as its users do, and with all warnings as errors.</summary>
    public static async Task<string> CompileAsync(string source)
    {
        string program = Temporary.Combine(Path.GetFileNameWithoutExtension(source));
        string flags = await RunAsync("pkg-config", ["--cflags", "--libs", "relaysync"]);
        await RunAsync(
            "gcc", ["-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", source, "-o", program, "-pthread", .. flags.Split((char[]?)null,
                StringSplitOptions.RemoveEmptyEntries)]);
        return program;
    }

    private static async Task<BuiltLibrary> BuildAsync()
    {
        if (Given is null)
        {
            await RunAsync(RepositoryRoot.Combine("build", "native"), [Folder]);
        }

        return new BuiltLibrary();
    }
}
