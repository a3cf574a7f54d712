using System.Diagnostics;

namespace Sync.Client.Tests.Runtime.Managed.Kernels;

/// <summary>The tests of kernels once more, on what is left of this processor when an instruction set is taken from it.</summary>
public sealed class LesserProcessorTests
{
    [Theory]
    [InlineData("EnableAVX512")]
    [InlineData("EnableAVX2")]
    [InlineData("EnableSSE42")]
    [InlineData("EnableHWIntrinsic")]
    public async Task Kernels_WithoutAnInstructionSet_GiveTheBitsOfTheReference(string setting)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        ProcessStartInfo start = new("dotnet", [typeof(KernelTests).Assembly.Location, "-noColor", "-nologo", "-class", typeof(KernelTests).FullName!])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [$"DOTNET_{setting}"] = "0" },
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
        string output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);

        Assert.True(process.ExitCode == 0, output + await errors);
        Assert.Contains("Errors: 0, Failed: 0", output, StringComparison.Ordinal);
    }
}
