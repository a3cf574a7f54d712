using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Shared.Scoring.Tests.Kernels;

/// <summary>Runs the tests of kernels again in processes with an instruction set disabled.</summary>
public sealed class DisabledInstructionsTests
{
    /// <param name="disabled">The kernels that must be missing in that process; its tests check it.</param>
    [Theory]
    [InlineData("EnableAVX512", "avx512")]
    [InlineData("EnableAVX2", "avx512 avx2")]
    [InlineData("EnableSSE42", "avx512 avx2 sse4")]
    [InlineData("EnableHWIntrinsic", "avx512 avx2 sse4")]
    public async Task Kernels_WithoutAnInstructionSet_GiveTheBitsOfTheReference(string setting, string disabled)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture is Architecture.X64, "the settings are those of x64");
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        ProcessStartInfo start = new(
            "dotnet", [typeof(KernelTests).Assembly.Location, "-noColor", "-nologo", "-class", typeof(KernelTests).FullName!])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [$"DOTNET_{setting}"] = "0", [KernelTests.Disabled] = disabled },
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
        string output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);

        Assert.True(process.ExitCode == 0, output + await errors);
        Assert.Contains("Errors: 0, Failed: 0", output, StringComparison.Ordinal);
    }
}
