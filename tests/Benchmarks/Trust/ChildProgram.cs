using System.Diagnostics;

namespace Benchmarks.Trust;

/// <summary>A program that answers a line with a line.</summary>
internal sealed class ChildProgram : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    public ChildProgram(string program, IEnumerable<string> arguments)
    {
        _process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public async Task<string> ReadLineAsync(CancellationToken cancellation) =>
        await _process.StandardOutput.ReadLineAsync(cancellation)
        ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} ended: {await _errors}");

    public async Task<string> AskAsync(CancellationToken cancellation)
    {
        await _process.StandardInput.WriteLineAsync();
        return await ReadLineAsync(cancellation);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
