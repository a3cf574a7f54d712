using System.Diagnostics;

namespace DoomedProcess;

/// <summary>Kills this process, as <c>kill -9</c> does, when it is about to do a given one of its file operations.</summary>
internal sealed class Doom(int atStep)
{
    private int _steps;

    public void Step()
    {
        if (++_steps == atStep)
        {
            using Process self = Process.GetCurrentProcess();
            self.Kill();
            new ManualResetEvent(initialState: false).WaitOne();
        }
    }
}
