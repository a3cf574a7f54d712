using System.Diagnostics;
using System.Globalization;
using Shared.Platform.Files;

namespace DoomedProcess;

/// <summary>Kills this process, as <c>kill -9</c> does, at a given one of its file operations.</summary>
internal sealed class Doom(int atStep, bool renamesOnly)
{
    private int _steps;

    /// <param name="text">The number of an operation, counted from 1, or <c>rename:</c> and the number of a rename.</param>
    public static Doom Parse(string text)
    {
        string[] parts = text.Split(':');
        return new(int.Parse(parts[^1], CultureInfo.InvariantCulture), renamesOnly: parts[0] == "rename");
    }

    public void Step(FileStep step)
    {
        if ((!renamesOnly || step.IsRename) && ++_steps == atStep)
        {
            using Process self = Process.GetCurrentProcess();
            self.Kill();
            new ManualResetEvent(initialState: false).WaitOne();
        }
    }
}
