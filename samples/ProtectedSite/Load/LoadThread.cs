using System.Runtime.InteropServices;
using ProtectedSite.Scoring;
using Sync.Client;

namespace ProtectedSite.Load;

/// <summary>One thread of load, of normal priority as the threads are that a site answers with.</summary>
internal sealed class LoadThread(IRelayModel model, LoadGenerator load, PredictionCounter counter)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private const int MaxClasses = 256;
    private readonly ManualResetEventSlim _stop = new();
    private Thread? _thread;

    public static LoadThread Start(IRelayModel model, LoadGenerator load, PredictionCounter counter)
    {
        LoadThread started = new(model, load, counter);
        started._thread = new Thread(started.Run) { IsBackground = true, Name = "load" };
        started._thread.Start();
        return started;
    }

    public void Stop()
    {
        _stop.Set();
        _thread!.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        // Before the first version there is no model to predict with, which is no failure.
        FixedRows? rows;
        while ((rows = load.Rows()) is null)
        {
            if (_stop.Wait(Pause))
            {
                return;
            }
        }

        // Room for a later version with more classes.
        float[] probabilities = new float[MaxClasses];
        while (!_stop.IsSet)
        {
            for (int row = 0; row < rows.Numbers.Length; row++)
            {
                PredictOne(rows, row, probabilities);
            }
        }
    }

    private void PredictOne(FixedRows rows, int row, float[] probabilities)
    {
        Prediction answer;
        try
        {
            answer = model.Predict(rows.Numbers[row], rows.Categories[row], probabilities);
        }
        catch (RelayModelException e)
        {
            Console.Error.WriteLine($"load: {e.Fault}: {e.Message}");
            counter.CountFailed();
            return;
        }

        float[] expected = load.Expected(answer.Sha256, rows)[row];
        bool same = MemoryMarshal.AsBytes(probabilities.AsSpan(0, expected.Length)).SequenceEqual(MemoryMarshal.AsBytes(expected.AsSpan()));
        counter.Count(answer.Version);
        if (!same)
        {
            counter.CountMixed();
        }
    }
}
