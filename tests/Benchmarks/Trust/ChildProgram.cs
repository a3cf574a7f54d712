using System.Diagnostics;

namespace Benchmarks.Trust;

/// <summary>A child process that answers each line with a line.</summary>
internal sealed class ChildProgram : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    public ChildProgram(string program, IEnumerable<string> arguments)
    {
        _process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public async Task<string> ReadLineAsync(CancellationToken cancellationToken) =>
        await _process.StandardOutput.ReadLineAsync(cancellationToken)
        ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} ended: {await _errors}");

    public async Task<string> AskAsync(CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync();
        return await ReadLineAsync(cancellationToken);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
